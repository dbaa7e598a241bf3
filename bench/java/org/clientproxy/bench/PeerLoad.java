package org.clientproxy.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.loopback.XmppServer;
import org.clientproxy.xmpp.Stanza;

/**
 * Requesters, and workers where they are wanted, as ordinary clients of a real server. Each requester keeps some requests open.
 * Each answer is checked: its id, its payload, and that it is a result.
 */
final class PeerLoad implements AutoCloseable {
    /** How many requesters there are under load, and how many requests each keeps open. */
    static final int REQUESTERS = 8;

    static final int WINDOW = 8;

    /** So many results in a row: each of several nodes that share the requests has served some of them by then. */
    private static final int SERVED = 40;

    /** An open loop has lost what was not answered when its requester has sent so many more. */
    private static final int UNANSWERED = 4096;

    /** @param due when request n was due, in nanoseconds, at n modulo its length; 0: answered */
    private record Requester(RawClient client, AtomicLongArray due) {}

    private final List<RawClient> clients = new ArrayList<>();
    private final XmppServer server;
    private final String name;
    private final int requesters;
    private final int window;
    private final List<Requester> asking = new ArrayList<>();
    private final AtomicLong answers = new AtomicLong();
    private volatile Histogram latency = new ConcurrentHistogram(60_000_000L, 3);
    private volatile boolean over;
    private volatile String fault;

    /**
     * @param name begins the resources of its clients, so that nothing of an earlier load comes to them
     * @param requesters how many there are
     * @param window how many requests each keeps open; 0: none, for an {@linkplain #open open loop}
     */
    PeerLoad(XmppServer server, String name, int requesters, int window) {
        this.server = server;
        this.name = name;
        this.requesters = requesters;
        this.window = window;
    }

    /** Workers of the target's account, which answer each request with its own payload. */
    void workers(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            RawClient worker = RawClient.login(server, "worker", "pw", name + "-w" + i);
            clients.add(worker);
            worker.send("<presence/>");
            thread("worker " + i, () -> {
                Stanza stanza = worker.poll(each -> true, Duration.ofMillis(100));
                if (stanza == null) {
                    return;
                }
                if (stanza.isRequest()) {
                    worker.send("<iq type='result' id='" + stanza.id() + "' to='" + stanza.from() + "'>"
                            + new String(stanza.content(), StandardCharsets.UTF_8) + "</iq>");
                } else if ("subscribe".equals(stanza.type())) {
                    worker.send("<presence type='subscribed' to='" + stanza.from() + "'/>");
                }
            });
        }
    }

    /** Waits until requests are served. */
    void awaitServed() throws Exception {
        RawClient first = RawClient.login(server, "alice", "pw", name + "-first");
        clients.add(first);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        int served = 0;
        for (int i = 0; System.nanoTime() < end; i++) {
            String id = "first" + i;
            first.send(request(id));
            Stanza answer = first.poll(each -> each.isReply() && id.equals(each.id()), Duration.ofMillis(500));
            served = answer != null && "result".equals(answer.type()) ? served + 1 : 0;
            if (served == SERVED) {
                return;
            }
        }
        throw new IllegalStateException("no requests were served within 60 s");
    }

    /** Each requester keeps its window open, and goes on until this is closed. */
    void begin() throws Exception {
        logIn(window);
        for (Requester requester : asking) {
            for (int slot = 0; slot < window; slot++) {
                request(requester, slot, System.nanoTime());
            }
        }
    }

    /**
     * Asks so many times a second, whatever becomes of it, with requesters that keep no window open. Latency counts from when
     * a request was due. What came in the first second is not in the result.
     */
    Load.Result open(int perSecond, double seconds) throws Exception {
        logIn(UNANSWERED);
        long begin = System.nanoTime();
        AtomicLong asked = new AtomicLong();
        thread("pace", () -> {
            long n = asked.getAndIncrement();
            long at = begin + n * 1_000_000_000L / perSecond;
            for (long wait = at - System.nanoTime(); wait > 0; wait = at - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            request(asking.get((int) (n % requesters)), (int) (n / requesters % UNANSWERED), at);
        });
        TimeUnit.SECONDS.sleep(1);
        return measure(seconds);
    }

    private void logIn(int slots) throws Exception {
        for (int i = 0; i < requesters; i++) {
            RawClient client = RawClient.login(server, "alice", "pw", name + "-r" + i);
            clients.add(client);
            Requester requester = new Requester(client, new AtomicLongArray(slots));
            asking.add(requester);
            thread("requester " + i, () -> {
                Stanza answer = client.poll(Stanza::isReply, Duration.ofMillis(100));
                if (answer != null) {
                    answered(requester, answer);
                }
            });
        }
    }

    private void answered(Requester requester, Stanza answer) throws IOException {
        check(answer);
        int slot = Integer.parseInt(String.valueOf(answer.id()));
        long now = System.nanoTime();
        latency.recordValue((now - requester.due().getAndSet(slot, 0)) / 1000);
        answers.incrementAndGet();
        if (slot < window) {
            request(requester, slot, now);
        }
    }

    private void request(Requester requester, int slot, long at) throws IOException {
        if (!requester.due().compareAndSet(slot, 0, at)) {
            fault = UNANSWERED * requesters + " requests were sent after one that was not answered";
        }
        requester.client().send(request("" + slot));
    }

    private void check(Stanza answer) {
        if (!"result".equals(answer.type())
                || !new String(answer.content(), StandardCharsets.UTF_8).contains(Load.TEXT)) {
            fault = "a request got this answer: " + answer.toXml();
        }
    }

    private static String request(String id) {
        return "<iq type='get' id='" + id + "' to='proxy.localhost'>" + Load.PAYLOAD + "</iq>";
    }

    /** Waits until so many requests were answered, or a minute has passed. */
    void warmUp(long count) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (answers.get() < count && System.nanoTime() < end && fault == null) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    /** What came in the next seconds: answers for each second, and their latency. */
    Load.Result measure(double seconds) throws InterruptedException {
        latency = new ConcurrentHistogram(60_000_000L, 3);
        long before = answers.get();
        long begin = System.nanoTime();
        TimeUnit.MILLISECONDS.sleep((long) (1000 * seconds));
        long count = answers.get() - before;
        if (fault != null || count == 0) {
            throw new IllegalStateException(fault == null ? "nothing was answered" : fault);
        }
        return new Load.Result(count, (System.nanoTime() - begin) / 1e9, latency);
    }

    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    private void thread(String name, Step step) {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (!over) {
                            step.run();
                        }
                    } catch (IOException | InterruptedException e) {
                        fault = over ? fault : name + ": " + e;
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        over = true;
        clients.forEach(RawClient::close);
    }
}
