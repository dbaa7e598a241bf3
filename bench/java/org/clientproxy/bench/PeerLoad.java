package org.clientproxy.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
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
    /** How many requesters there are, and how many requests each keeps open. */
    static final int REQUESTERS = 8;

    static final int WINDOW = 8;

    private final List<RawClient> clients = new ArrayList<>();
    private final XmppServer server;
    private final AtomicLong answers = new AtomicLong();
    private volatile Histogram latency = new ConcurrentHistogram(60_000_000L, 3);
    private volatile boolean over;
    private volatile String fault;

    PeerLoad(XmppServer server) {
        this.server = server;
    }

    /** Workers of the target's account, which answer each request with its own payload. */
    void workers(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            RawClient worker = RawClient.login(server, "worker", "pw", "w" + i);
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

    /** Waits until a request is served. */
    void awaitServed() throws Exception {
        RawClient first = RawClient.login(server, "alice", "pw", "first");
        clients.add(first);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        for (int i = 0; System.nanoTime() < end; i++) {
            first.send(request("first" + i));
            if (first.poll(each -> "result".equals(each.type()), Duration.ofMillis(500)) != null) {
                return;
            }
        }
        throw new IllegalStateException("no request was served within 60 s");
    }

    /** Begins to ask, and goes on until it is closed. */
    void begin() throws Exception {
        for (int i = 0; i < REQUESTERS; i++) {
            RawClient requester = RawClient.login(server, "alice", "pw", "r" + i);
            clients.add(requester);
            long[] sent = new long[WINDOW];
            for (int slot = 0; slot < WINDOW; slot++) {
                sent[slot] = System.nanoTime();
                requester.send(request("" + slot));
            }
            thread("requester " + i, () -> {
                Stanza answer = requester.poll(Stanza::isReply, Duration.ofMillis(100));
                if (answer != null) {
                    check(answer);
                    int slot = Integer.parseInt(String.valueOf(answer.id()));
                    latency.recordValue((System.nanoTime() - sent[slot]) / 1000);
                    answers.incrementAndGet();
                    sent[slot] = System.nanoTime();
                    requester.send(request("" + slot));
                }
            });
        }
    }

    private void check(Stanza answer) {
        if (!"result".equals(answer.type())
                || !new String(answer.content(), StandardCharsets.UTF_8).contains("0123456789012345678901234567890")) {
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
