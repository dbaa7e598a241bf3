package org.clientproxy.proxy.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.clientproxy.proxy.cluster.ClusterRules.Lone;
import org.clientproxy.proxy.cluster.ClusterRules.Streams;
import org.jspecify.annotations.Nullable;

/**
 * Nodes on a network that delivers in any order, with an engine that forms views, and the server's eyes on who gets how many
 * answers. In a wild world the engine is as bad as it may be: views of any members, that come to any of them at any time. In a tame
 * one it sees who is there, after a while.
 */
final class SimWorld {
    final List<SimRequest> requests = new ArrayList<>();
    long now = 1_000_000_000L;
    int takenOver;
    int handedOver;
    int beganAnew;
    int streams;
    int faults;
    int lossesTold;
    int repliesElsewhere;
    /** Who read each piece of news. */
    final List<Member> newsFrom = new ArrayList<>();

    private final boolean wild;
    private final int size;
    private final Streams use;
    private final boolean witness;
    private final Lone lone;
    private final SimNode[] nodes;
    private final Map<Member, SimNode> ever = new HashMap<>();
    private final SimEngine engine;
    private final SimNetwork network;
    private long started;
    // Two nodes that go on alone do not see each other, or have not agreed since.
    private boolean split;

    /** @param lone what one of two nodes does alone */
    SimWorld(boolean wild, int size, Streams use, boolean witness, Lone lone) {
        this.wild = wild;
        this.size = size;
        this.use = use;
        this.witness = witness;
        this.lone = lone;
        this.nodes = new SimNode[size];
        this.engine = new SimEngine(this, size);
        this.network = new SimNetwork(this, engine);
        for (int i = 0; i < size; i++) {
            start(i);
        }
        if (!wild) {
            settle();
        }
    }

    private void start(int place) {
        Streams streamsHere = witness && place == size - 1 ? Streams.NONE : use;
        ClusterRules rules = new ClusterRules(size, streamsHere, lone, Duration.ofSeconds(5), 8);
        nodes[place] = new SimNode(this, new Member(place + 1, ++started), rules, place * 1_000_000_007L);
        ever.put(nodes[place].member, nodes[place]);
        engine.viewIsDue();
    }

    SimRequest newRequest(long timeout) {
        SimRequest request = new SimRequest(requests.size(), now + timeout);
        split &= !isSettled() || present().size() < where(node -> true).size();
        request.splits = split ? 1 : 0;
        requests.add(request);
        return request;
    }

    void answered(SimRequest request) {
        if (request.answers > 1 + request.splits) {
            throw new AssertionError("answered twice: " + request);
        }
    }

    void send(Member from, Member to, byte[] octets) {
        network.send(from, to, octets);
    }

    void step(SimStep step) {
        Random random = new Random(step.b());
        SimNode any = nodes[step.a() % size];
        boolean runs = any != null && !any.frozen;
        switch (step.kind()) {
            case REQUEST -> on(runs, () -> any.request(random.nextBoolean()));
            case RETRY -> on(runs, () -> any.retry(random));
            case REPLY -> on(runs, () -> reply(any, random));
            case NEWS -> on(runs, () -> tellNews(any));
            case FLUSH -> on(runs, () -> any.flush());
            case TICK -> on(runs, () -> any.tick());
            case STREAM_ENDS -> on(runs, () -> any.streamEnds());
            case DELIVER -> network.deliver(1 + step.a() % 24, random);
            case TIME -> pass(random.nextInt(4) == 0 ? 2_000_000_000L : 20_000_000L * (1 + random.nextInt(10)));
            case LOSE -> network.drop(1 + step.a() % 3, random);
            case DOUBLE -> network.repeat(random);
            case VIEW -> {
                if (wild && random.nextBoolean()) {
                    engine.formAny(random);
                } else {
                    if (wild) {
                        engine.viewIsDue();
                    }
                    engine.formViews();
                }
            }
            case KILL -> kill(step.a() % size);
            case START -> {
                if (any == null) {
                    start(step.a() % size);
                }
            }
            case FREEZE -> on(runs, () -> any.frozen = true);
            case THAW -> on(any != null, () -> any.frozen = false);
            case CUT -> on(any != null, () -> any.group = random.nextInt(3));
            case HEAL -> join();
            case LEAVE -> on(runs, () -> any.leave());
            case FAULT -> fault(step.a() % size, random);
        }
        // It takes a while until a process that has left is gone.
        if (random.nextInt(16) == 0) {
            letGo();
        }
    }

    /** The reply to some request that is pending somewhere comes to this node. */
    private void reply(SimNode node, Random random) {
        List<SimRequest> open = new ArrayList<>();
        for (SimNode each : nodes) {
            if (each != null) {
                each.pending.values().stream()
                        .filter(request -> request.forwarded)
                        .forEach(open::add);
            }
        }
        if (!open.isEmpty()) {
            SimRequest request = open.get(random.nextInt(open.size()));
            repliesElsewhere += node.member.equals(request.forwardedBy) ? 0 : 1;
            node.replyComes(request, random.nextBoolean());
        }
    }

    private void tellNews(SimNode node) {
        newsFrom.add(node.member);
        node.newsComes(newsFrom.size() - 1);
    }

    private static void on(boolean condition, Runnable what) {
        if (condition) {
            what.run();
        }
    }

    private void kill(int place) {
        SimNode node = nodes[place];
        if (node != null) {
            node.killed();
            nodes[place] = null;
            engine.viewIsDue();
        }
    }

    /** Those that have handed over everything are gone. */
    private void letGo() {
        for (int i = 0; i < size; i++) {
            if (nodes[i] != null && nodes[i].left) {
                kill(i);
            }
        }
    }

    private void join() {
        for (SimNode node : nodes) {
            if (node != null) {
                node.group = 0;
            }
        }
    }

    /** One of two that go on alone is cut off, or stands still. */
    private void part() {
        if (lone == Lone.CONTINUE) {
            split = true;
            requests.stream()
                    .filter(request -> request.answers == 0 || request.splits > 0)
                    .forEach(request -> request.splits++);
        }
    }

    /** A node fails, or comes back; in a tame world, and when all that is owned has its copy. */
    private void fault(int place, Random random) {
        if (!isSettled()) {
            return;
        }
        faults++;
        SimNode node = nodes[place];
        if (node == null) {
            start(place);
        } else if (node.frozen || node.group != 0) {
            node.frozen = false;
            node.group = 0;
        } else if (present().size() > (lone == Lone.CONTINUE ? 1 : size / 2 + 1)) {
            switch (random.nextInt(5)) {
                case 0 -> node.leave();
                case 1 -> kill(place);
                case 2 -> {
                    part();
                    node.frozen = true;
                }
                case 3 -> {
                    part();
                    node.group = place + 1;
                }
                default -> {
                    kill(place);
                    start(place);
                }
            }
        }
        engine.viewIsDue();
    }

    List<SimNode> where(Predicate<SimNode> condition) {
        List<SimNode> some = new ArrayList<>();
        for (SimNode node : nodes) {
            if (node != null && condition.test(node)) {
                some.add(node);
            }
        }
        return some;
    }

    private List<SimNode> present() {
        return where(node -> !node.frozen && node.group == 0);
    }

    /** All that are there act in one view, nobody is leaving, and each request has its copy, where there is anybody to keep it. */
    private boolean isSettled() {
        List<SimNode> all = present();
        View view = all.isEmpty() ? null : all.get(0).view;
        return !engine.isViewDue()
                && view != null
                && view.members().size() == all.size()
                && all.stream()
                        .allMatch(node -> node.views.isEmpty()
                                && !node.leaving
                                && view.equals(node.view)
                                && node.figures.isActing()
                                && (all.size() == 1 || node.figures.unprotected() == 0));
    }

    /** The process that runs as this member; null where it does not any more. */
    @Nullable
    SimNode process(Member member) {
        SimNode node = nodes[member.node() - 1];
        return node != null && node.member.equals(member) ? node : null;
    }

    /** The same, whether it runs or not. */
    SimNode ever(Member member) {
        return ever.get(member);
    }

    private void pass(long nanos) {
        now += nanos;
        where(node -> !node.frozen).forEach(SimNode::expire);
    }

    // ---- The end ----

    /** Whoever is there comes together, and what should come to an end does. */
    void end() {
        join();
        for (int i = 0; i < size; i++) {
            if (wild && nodes[i] != null && nodes[i].leaving) {
                kill(i);
            }
            if (nodes[i] != null) {
                nodes[i].frozen = false;
            }
        }
        engine.viewIsDue();
        if (!wild) {
            // Whoever leaves is let go.
            settle();
        }
        for (int i = 0; i < size; i++) {
            if (nodes[i] == null) {
                start(i);
            }
        }
        settle();
        if (!wild) {
            noReplyIsUnderWay();
        }
        pass(2 * SimNode.TIMEOUT);
        settle();
        for (SimNode node : nodes) {
            if (!node.pending.isEmpty() || !node.node.isEmpty() || node.figures.turns() != 0) {
                throw new AssertionError(node.member + " still has " + node.pending.values() + ", holds "
                        + node.figures.held() + ", waits for " + node.figures.turns() + " turns");
            }
        }
        List<SimNode> serving = where(node -> node.streamOpen);
        int due = use == Streams.ONE ? 1 : witness ? size - 1 : size;
        if (serving.size() != due) {
            throw new AssertionError(serving.size() + " nodes have a stream, not " + due);
        }
        SimRequest last = newestOf(serving.get(0));
        if (!last.forwarded || last.answers != 1) {
            throw new AssertionError("it does not serve: " + last);
        }
        if (!wild) {
            requests.forEach(SimWorld::isAnswered);
        }
    }

    /** What a node has read that is still there, or has left in order, has ended its request, if some node has that. */
    private void noReplyIsUnderWay() {
        for (SimNode node : where(any -> true)) {
            for (SimRequest request : node.pending.values()) {
                SimNode reader = request.replyReadBy;
                boolean wentWithAnother = request.replyCameTo.stream().anyMatch(this::hasFailed);
                boolean mayBe = request.replyTaken || wentWithAnother || request.splits > 0;
                if (reader != null && !hasFailed(reader) && !mayBe) {
                    throw new AssertionError("its reply was read by " + reader.member + " and has not come to "
                            + node.member + ", which has it: " + request + " forwarded by " + request.forwardedBy);
                }
            }
        }
    }

    /** Whether its process is gone, and it had not left in order before. */
    private boolean hasFailed(SimNode node) {
        return process(node.member) != node && !node.left;
    }

    private SimRequest newestOf(SimNode serving) {
        serving.request(true);
        settle();
        List<SimNode> open = where(node -> node.streamOpen);
        open.get(open.size() - 1).replyComes(requests.get(requests.size() - 1), true);
        settle();
        return requests.get(requests.size() - 1);
    }

    /** What was accepted has its answer, but for two windows: settled at the other node and not yet written, or gone with a stream. */
    private static void isAnswered(SimRequest request) {
        boolean inTheWindow = request.answerDropped && request.settleArrived || request.goneWithStream;
        if (request.forwarded && request.answers == 0 && !inTheWindow && request.splits == 0) {
            throw new AssertionError("lost: " + request);
        }
    }

    private void settle() {
        Random random = new Random(now);
        for (int round = 0; round < 400; round++) {
            engine.formViews();
            while (network.isAnythingUnderWay()) {
                network.deliver(1, random);
            }
            where(node -> !node.frozen).forEach(SimNode::tick);
            letGo();
            pass(20_000_000L);
            if (round > 20
                    && isSettled()
                    && !network.isAnythingUnderWay()
                    && where(node -> node.figures.turns() > 0).isEmpty()) {
                return;
            }
        }
        throw new AssertionError("it does not settle");
    }
}
