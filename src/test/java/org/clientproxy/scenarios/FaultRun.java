package org.clientproxy.scenarios;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.XmppServer;

/** One fault under load: a server, a network, a proxy in a process of its own, two implementing clients, two requesters. */
final class FaultRun implements AutoCloseable {
    /** Requests a second, of each requester. */
    static final int RATE = 100;

    /** The heap of the proxy; more would end it. */
    static final String HEAP = "96m";

    /** After this a request is answered with an error of the proxy's. */
    static final Duration REPLY_TIMEOUT = Duration.ofSeconds(8);

    private static final Duration LIMIT = Duration.ofSeconds(60);

    final XmppServer server;
    final Forwarder network;
    final ProxyProcess proxy;
    final Duration workTime;
    final List<FaultClient> workers = new ArrayList<>();
    final List<FaultLoad> loads = new ArrayList<>();
    private final Fault fault;

    FaultRun(XmppServer server, Fault fault) throws Exception {
        this.server = server;
        this.fault = fault;
        this.workTime = Duration.ofMillis(fault == Fault.WORKER_KILLED || fault == Fault.KILLED ? 200 : 5);
        server.start();
        network = new Forwarder(server.componentPort());
        proxy = new ProxyProcess(
                server,
                network.port(),
                HEAP,
                Map.of(
                        "PROXY_REPLY_TIMEOUT", "" + REPLY_TIMEOUT.toMillis(),
                        "PROXY_CONFIRM_TIMEOUT", "1s",
                        "XMPP_KEEP_ALIVE", "2s",
                        "XMPP_RECONNECT_MAX", "1s"));
        proxy.start();
        proxy.awaitReady();
        ProxyScenarios.accept(server);
        for (String resource : List.of("a", "b")) {
            workers.add(FaultClient.worker(server, resource, workTime));
        }
        int payload = fault == Fault.SERVER_DOES_NOT_READ ? 20_000 : 200;
        for (String user : List.of("alice", "bob")) {
            loads.add(new FaultLoad(server, user, RATE, payload));
        }
    }

    /** The row of the table. */
    String run() throws Exception {
        Awaitility.await("the load is served").atMost(LIMIT).until(() -> loads.stream()
                .allMatch(load -> System.nanoTime() - load.lastResult() < 500_000_000L && load.isServed()));
        LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
        fault.action.inflict(this);
        long over = System.nanoTime();
        Awaitility.await("the load is served again after: " + fault.words)
                .atMost(LIMIT)
                .until(() -> loads.stream().allMatch(load -> load.lastResult() - over > 2_000_000_000L));
        for (FaultLoad load : loads) {
            load.finish(REPLY_TIMEOUT.plusSeconds(5));
        }
        double pause = loads.stream()
                .mapToDouble(load -> load.longestPause().toMillis() / 1000.0)
                .max()
                .orElseThrow();
        return String.format(
                Locale.ROOT,
                "| %s | %d | %d | %d | %d | %d | %d | %d | %.1f s |",
                fault.words,
                sum(FaultLoad::requests),
                sum(FaultLoad::results),
                sum(FaultLoad::errors),
                sum(FaultLoad::doubled),
                sum(FaultLoad::forged),
                sum(FaultLoad::sessionLost),
                sum(FaultLoad::unanswered),
                pause);
    }

    long sum(ToLongFunction<FaultLoad> which) {
        return loads.stream().mapToLong(which).sum();
    }

    @Override
    public void close() throws Exception {
        for (FaultLoad load : loads) {
            load.close();
        }
        for (FaultClient worker : workers) {
            worker.close();
        }
        proxy.close();
        network.close();
        server.close();
    }
}
