package org.clientproxy.scenarios;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.loopback.XmppServer;
import org.clientproxy.stream.OwnErrors;
import org.clientproxy.xmpp.Stanza;

/** A requester that asks at a steady rate and keeps account of each answer, by the number that is its id. */
final class FaultLoad extends FaultClient {
    private static final int WINDOW = 256;
    private static final Pattern NUMBER = Pattern.compile(" n=['\"](\\d{1,9})['\"]");

    // Of the stanza's condition, which is the first in its error.
    private static final Pattern CONDITION = Pattern.compile("<error[^>]*><([a-z-]+)");

    private final String padding;
    private final Thread sender;
    private volatile boolean sending = true;
    private volatile long lastResult = System.nanoTime();
    private volatile long longestPause;

    // Guarded by this.
    private final BitSet open = new BitSet();
    private final BitSet lost = new BitSet();
    private int asked;
    private long results;
    private long errors;
    private long proxyErrors;
    // The conditions of the proxy's own errors, by the numbers of their requests.
    private final Map<Integer, String> refusals = new TreeMap<>();
    private long[] askedAt = new long[1024];
    private long doubled;
    private long forged;

    /**
     * @param rate requests a second; 0: as many as are answered, {@value #WINDOW} at a time
     * @param payload octets of each
     */
    FaultLoad(XmppServer server, String user, int rate, int payload) {
        super(server, user, "load");
        padding = "x".repeat(payload);
        sender = new Thread(() -> send(rate), "load of " + user);
        sender.setDaemon(true);
        start();
        sender.start();
    }

    private void send(int rate) {
        long next = System.nanoTime();
        while (sending) {
            RawClient session = session();
            if (session != null) {
                int id = ask();
                try {
                    session.send("<iq type='" + (id % 2 == 0 ? "get" : "set") + "' id='" + id
                            + "' to='proxy.localhost'><q xmlns='urn:q' n='" + id + "'>" + padding + "</q></iq>");
                } catch (IOException e) {
                    gone(id);
                }
            }
            while (rate == 0 && sending && unanswered() >= WINDOW) {
                LockSupport.parkNanos(100_000);
            }
            if (rate > 0) {
                next += 1_000_000_000L / rate;
                LockSupport.parkNanos(next - System.nanoTime());
            }
        }
    }

    private synchronized int ask() {
        open.set(++asked);
        if (asked == askedAt.length) {
            askedAt = Arrays.copyOf(askedAt, 2 * asked);
        }
        askedAt[asked] = System.nanoTime();
        return asked;
    }

    private synchronized void gone(int id) {
        if (open.get(id)) {
            open.clear(id);
            lost.set(id);
        }
    }

    @Override
    void loggedIn(RawClient session) {
        // What was asked in the old session is not answered in the new one.
        lost();
    }

    @Override
    synchronized void lost() {
        lost.or(open);
        open.clear();
    }

    @Override
    synchronized void received(RawClient session, Stanza stanza) {
        if (stanza.kind() != Stanza.Kind.IQ || !stanza.isReply()) {
            return;
        }
        boolean result = "result".equals(stanza.type());
        int id = stanza.id() != null && stanza.id().matches("\\d{1,9}") ? Integer.parseInt(stanza.id()) : 0;
        if (id < 1 || id > asked || !"proxy.localhost".equals(stanza.from()) || result && !payloadOf(id, stanza)) {
            forged++;
        } else if (!open.get(id) && !lost.get(id)) {
            doubled++;
        } else {
            open.clear(id);
            lost.clear(id);
            if (result) {
                results++;
                long now = System.nanoTime();
                longestPause = Math.max(longestPause, now - lastResult);
                lastResult = now;
            } else {
                errors++;
                String error = new String(stanza.content(), StandardCharsets.UTF_8);
                if (error.contains(OwnErrors.NAMESPACE)) {
                    proxyErrors++;
                    Matcher condition = CONDITION.matcher(error);
                    refusals.put(id, condition.find() ? condition.group(1) : error);
                }
            }
        }
    }

    /** Whether it is the request's own payload that came back; servers may write its attribute with either quote. */
    private static boolean payloadOf(int id, Stanza stanza) {
        String payload = new String(stanza.content(), StandardCharsets.UTF_8);
        return payload.contains("n='" + id + "'") || payload.contains("n=\"" + id + "\"");
    }

    /** Whether results come, so that the fault may begin; the count of pauses begins then, too. */
    synchronized boolean isServed() {
        longestPause = 0;
        return results > 0;
    }

    /** Asks no more, and gives answers so long to come. */
    void finish(Duration limit) throws InterruptedException {
        sending = false;
        sender.join();
        long until = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < until && unanswered() > 0) {
            LockSupport.parkNanos(50_000_000);
        }
    }

    synchronized long requests() {
        return asked;
    }

    synchronized long results() {
        return results;
    }

    synchronized long errors() {
        return errors;
    }

    /** Those of them that are the proxy's own. */
    synchronized long proxyErrors() {
        return proxyErrors;
    }

    /** The conditions of the proxy's own errors, but for those that no reply came in time, by the numbers of their requests. */
    synchronized Map<Integer, String> refused() {
        Map<Integer, String> others = new TreeMap<>(refusals);
        others.values().removeIf("remote-server-timeout"::equals);
        return others;
    }

    /** The numbers of those that have no answer. */
    synchronized int[] withoutAnswer() {
        return open.stream().toArray();
    }

    /** When it was asked, on the clock of {@link System#nanoTime()}. */
    synchronized long askedAt(int number) {
        return askedAt[number];
    }

    /** The number of the request that a worker got. */
    static int number(Stanza request) {
        Matcher number = NUMBER.matcher(new String(request.content(), StandardCharsets.UTF_8));
        return number.find() ? Integer.parseInt(number.group(1)) : 0;
    }

    /** Answers to what had its answer already. */
    synchronized long doubled() {
        return doubled;
    }

    /** Answers to what was never asked, from another address, or with another request's payload. */
    synchronized long forged() {
        return forged;
    }

    /** Whose requester lost its own session meanwhile, so that nobody could be answered. */
    synchronized long sessionLost() {
        return lost.cardinality();
    }

    /** Whether each of the requests behind the first so many, up to a last one, has its answer. */
    synchronized boolean areAnswered(long before, long last) {
        int first = open.nextSetBit((int) before + 1);
        return first < 0 || first > last;
    }

    synchronized long unanswered() {
        return open.cardinality();
    }

    /** When the last result came, on the clock of {@link System#nanoTime()}. */
    long lastResult() {
        return lastResult;
    }

    Duration longestPause() {
        return Duration.ofNanos(longestPause);
    }
}
