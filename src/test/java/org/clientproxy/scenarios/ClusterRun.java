package org.clientproxy.scenarios;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.clientproxy.loopback.XmppServer;

/**
 * Three nodes under a steady load, of which one after the other is killed, stands still or is stopped, and comes back: a requester that
 * keeps account of each answer, and two workers that keep account of what came to them. The next one fails when each request has its
 * copy again.
 */
final class ClusterRun implements AutoCloseable {
    static final int NODES = SharedCluster.NODES;

    private static final Set<String> WORKERS = Set.of("a", "b");

    private static final Duration ON_THE_WAY = Duration.ofSeconds(5);

    /** A reply that was given so long before its node failed may not have been read yet, nor its answer written. */
    private static final Duration WINDOW = Duration.ofSeconds(1);

    private static final Pattern UNWRITTEN = Pattern.compile("(\\d+) answers were about to be written");

    /** What happens in the course of a fault; when it is over, all is as it was. */
    @FunctionalInterface
    interface Course {
        void run() throws Exception;
    }

    /** One fault: when it began, and when nothing of it was left. */
    private record Event(String words, int node, long begin, long end) {
        boolean meets(long time) {
            return time - begin >= -WINDOW.toNanos() && time - end <= 0;
        }
    }

    final NodeProcesses nodes;
    FaultLoad load;
    private final XmppServer server;
    private final Random random;
    private final int rate;
    private final List<FaultClient> workers = new ArrayList<>();
    // When a worker answered the request of this number last.
    private final Map<Integer, Long> answered = new ConcurrentHashMap<>();
    private final List<Event> events = new ArrayList<>();
    private int perhapsUnwritten;

    /**
     * @param server is {@linkplain #prepared prepared}
     * @param nodes of {@linkplain #settings these settings}, and started; they and the server do not end with the run
     * @param rate requests a second
     */
    ClusterRun(XmppServer server, NodeProcesses nodes, long seed, int rate) {
        this.server = server;
        this.nodes = nodes;
        this.rate = rate;
        this.random = new Random(seed);
    }

    /**
     * Environment variables of a node in such a run.
     *
     * @param replyTimeout after this a request is answered with an error of the proxy's
     */
    static Map<String, String> settings(String replyTimeout, String streams) {
        return Map.of(
                "PROXY_REPLY_TIMEOUT", replyTimeout,
                "PROXY_CLUSTER_STREAMS", streams,
                "PROXY_CONFIRM_TIMEOUT", "30s",
                "PROXY_MAX_PENDING_PER_REQUESTER", "100000",
                "XMPP_KEEP_ALIVE", "5s",
                "XMPP_RECONNECT_MAX", "1s");
    }

    /** Starts the workers and, when all nodes that serve know both, the load; returns when that is served. */
    void begin() throws Exception {
        for (String resource : WORKERS) {
            workers.add(FaultClient.worker(
                    server,
                    resource,
                    Duration.ofMillis(5),
                    request -> answered.put(FaultLoad.number(request), System.nanoTime())));
        }
        nodes.awaitKnown(WORKERS);
        load = new FaultLoad(server, "alice", rate, 200);
        awaitServed();
        load.isServed();
    }

    /** The server runs, and the target lets the proxy host see its presence. */
    static XmppServer prepared(XmppServer server) throws Exception {
        server.start();
        try (RunningProxy first = RunningProxy.startReady(server, Map.of("proxy.pending", "memory"))) {
            ProxyScenarios.accept(server);
        }
        return server;
    }

    /** Results come again. */
    void awaitServed() {
        long from = System.nanoTime();
        nodes.await("the load is served", () -> load.lastResult() - from > 0);
    }

    /** Faults by chance, until so many requests were asked and each kind was there at least once. */
    void run(long requests) throws Exception {
        while (load.requests() < requests || events.size() < NodeFault.values().length) {
            NodeFault kind = events.size() < NodeFault.values().length
                    ? NodeFault.values()[events.size()]
                    : NodeFault.values()[random.nextInt(NodeFault.values().length)];
            fail(kind, anyNode());
            pause(1000 + random.nextInt(2000));
        }
    }

    /** By chance, and more often than not the one that has the one stream. */
    int anyNode() {
        int holder = nodes.awaitStreams();
        return random.nextInt(10) < 6 && holder > 0 ? holder : 1 + random.nextInt(NODES);
    }

    /** One fault of this node, from beginning to end. */
    void fail(NodeFault kind, int number) throws Exception {
        ProxyProcess node = nodes.node(number);
        fail(kind.words, number, () -> {
            switch (kind) {
                case KILLED -> {
                    node.kill();
                    pause(random.nextInt(3000));
                    node.start();
                }
                case STOPPED -> {
                    node.stop();
                    node.start();
                }
                case FROZEN -> {
                    node.signal("STOP");
                    pause(new int[] {300, 3000, 9000}[random.nextInt(3)]);
                    node.signal("CONT");
                }
            }
        });
    }

    /** The same of any kind; returns when all nodes serve again. */
    void fail(String words, int number, Course course) throws Exception {
        int[] before = perhapsUnwrittenSaid();
        long begin = System.nanoTime();
        course.run();
        nodes.awaitWhole(NODES);
        nodes.awaitStreams();
        awaitServed();
        events.add(new Event(words, number, begin, System.nanoTime()));
        int[] after = perhapsUnwrittenSaid();
        for (int i = 0; i < NODES; i++) {
            // One that was started anew has a new log.
            perhapsUnwritten += Math.max(0, after[i] - before[i]);
        }
    }

    /** How many answers each node has said that one which left may not have written. */
    private int[] perhapsUnwrittenSaid() throws IOException {
        int[] sums = new int[NODES];
        for (int number = 1; number <= NODES; number++) {
            Matcher said = UNWRITTEN.matcher(nodes.node(number).log());
            while (said.find()) {
                sums[number - 1] += Integer.parseInt(said.group(1));
            }
        }
        return sums;
    }

    /** The sum of it over all faults: no more answers can be lost than that, unless one is lost that must not be. */
    int perhapsUnwritten() {
        return perhapsUnwritten;
    }

    /** Ends the load, and waits until all has its answer, or no node has anything pending: then nobody will answer it. */
    void finish() throws InterruptedException {
        load.finish(Duration.ZERO);
        nodes.await("nothing is pending", () -> load.unanswered() == 0 || owned() == 0);
        load.finish(ON_THE_WAY);
    }

    private int owned() {
        return IntStream.rangeClosed(1, NODES)
                .mapToObj(nodes::says)
                .mapToInt(says -> says == null ? 1 : says.getInteger("owned"))
                .sum();
    }

    /** Requests that a worker answered, and whose requester got nothing. */
    List<String> lostAnswers() {
        return lost(true, false);
    }

    /** The same, of those that no fault explains: whose reply was given while all nodes were well. */
    List<String> lostAnswersWithoutFault() {
        return lost(true, true);
    }

    /** Requests that no worker got, and nobody answered. */
    List<String> neverForwarded() {
        return lost(false, false);
    }

    /** The same, of those that were asked while all nodes were well. */
    List<String> neverForwardedWithoutFault() {
        return lost(false, true);
    }

    private List<String> lost(boolean forwarded, boolean withoutFault) {
        List<String> lost = new ArrayList<>();
        for (int number : load.withoutAnswer()) {
            Long reply = answered.get(number);
            long time = reply == null ? load.askedAt(number) : reply;
            boolean hasFault = events.stream().anyMatch(event -> event.meets(time));
            if (forwarded == (reply != null) && !(withoutFault && hasFault)) {
                lost.add(number + " " + near(time));
            }
        }
        return lost;
    }

    /** Requests that the proxy refused, each with the condition of its error: none of those to which no reply came in time. */
    List<String> refused() {
        List<String> refused = new ArrayList<>();
        load.refused()
                .forEach((number, condition) ->
                        refused.add(number + " " + condition + " " + near(load.askedAt(number))));
        return refused;
    }

    /** Where a time is in the course of the run. */
    private String near(long time) {
        Event last = null;
        for (Event event : events) {
            if (time - event.begin >= -WINDOW.toNanos()) {
                last = event;
            }
        }
        return last == null
                ? "before the first fault"
                : String.format(
                        Locale.ROOT,
                        "%.3f s after node %d %s, which was over after %.3f s",
                        (time - last.begin) / 1e9,
                        last.node,
                        last.words,
                        (last.end - last.begin) / 1e9);
    }

    /** The row of the table. */
    String row(String name) {
        return row(name, List.of(NodeFault.KILLED.words, NodeFault.FROZEN.words, NodeFault.STOPPED.words));
    }

    /** @param faults the words for each kind that has a column */
    String row(String name, List<String> faults) {
        String counts = faults.stream()
                .map(words -> ""
                        + events.stream()
                                .filter(event -> event.words.equals(words))
                                .count())
                .collect(Collectors.joining(" | "));
        return String.format(
                Locale.ROOT,
                "| %s | %d | %d | %s | %d | %d | %d | %d | %d | %d | %d | %.1f s |",
                name,
                rate,
                load.requests(),
                counts,
                load.results(),
                load.proxyErrors(),
                load.errors() - load.proxyErrors(),
                load.doubled(),
                load.forged(),
                neverForwarded().size(),
                lostAnswers().size(),
                load.longestPause().toMillis() / 1000.0);
    }

    static void pause(long millis) {
        long until = System.nanoTime() + Duration.ofMillis(millis).toNanos();
        while (System.nanoTime() < until) {
            LockSupport.parkNanos(until - System.nanoTime());
        }
    }

    @Override
    public void close() throws Exception {
        if (load != null) {
            load.close();
        }
        for (FaultClient worker : workers) {
            worker.close();
        }
    }
}
