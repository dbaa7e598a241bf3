package org.clientproxy.proxy.jgroups;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.clientproxy.proxy.cluster.ClusterListener;
import org.clientproxy.proxy.cluster.ClusterNode;
import org.clientproxy.proxy.cluster.ClusterRules;
import org.clientproxy.proxy.cluster.Member;
import org.clientproxy.proxy.cluster.NodeFigures;
import org.clientproxy.proxy.cluster.View;
import org.clientproxy.proxy.journal.RequestRecord;
import org.clientproxy.proxy.pending.PendingRequest;
import org.clientproxy.proxy.pending.PendingStore;
import org.clientproxy.proxy.pending.ProxyErrors;
import org.clientproxy.proxy.pending.RestoredRequest;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.stats.ClusterFigures;
import org.clientproxy.stream.ComponentStream;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.StanzaErrorException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps pending requests at another node of the cluster: joins the protocol to the loop, the stream and the pending requests of one
 * proxy. What the protocol decides, {@link ClusterNode} does; here it is told what happens, and its word is carried out. Used on the
 * loop, but for {@link #load} and {@link #close}.
 */
final class ClusterStore implements PendingStore, ClusterListener, Engine.Above {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterStore.class);

    private static final long TICK_NANOS = 20_000_000L;

    private record Mark(long number) implements Recorded {}

    private final StreamLoop loop;
    private final InstantSource clock;
    private final ComponentStream stream;
    private final Engine engine;
    private final ClusterNode node;
    private final ClusterRules rules;
    private final int number;
    private final AstrayPresences astray;
    private final NoMajority noMajority;
    private final NodeIds ids;
    private final SharedStanzas shared;
    private final StreamTurn streamTurn;
    private final Departure departure;
    private @Nullable Holder holder;
    private long tickedAt;
    private boolean turnEndsSoon;
    private boolean paused;
    private volatile List<Integer> members = List.of();
    private int elsewhere;
    private long takenOver;
    private volatile ClusterFigures figures;
    private volatile boolean closed;

    ClusterStore(
            Member self,
            ClusterRules rules,
            ProxySettings settings,
            ComponentStream stream,
            InstantSource clock,
            Engine engine) {
        this.loop = stream.loop();
        this.clock = clock;
        this.stream = stream;
        this.engine = engine;
        this.node = new ClusterNode(self, rules, loop::nanoTime, engine, this);
        this.rules = rules;
        this.number = self.node();
        this.astray = new AstrayPresences(rules.nodes());
        this.noMajority = new NoMajority(engine.toString(), rules.nodes(), loop.nanoTime());
        this.figures = ClusterFigures.none(number, rules.nodes());
        this.ids = new NodeIds(self);
        this.shared = new SharedStanzas(settings, ids, node, stream, this::endTurnSoon);
        this.departure = new Departure(stream, node, rules.silentAfter());
        this.streamTurn = new StreamTurn(stream, node, departure::isBegun, () -> figures.standby());
        stream.permittedBy(streamTurn);
        stream.relayedBy(shared);
    }

    // ---- The proxy ----

    @Override
    public void heldBy(Holder who) {
        holder = who;
        shared.heldBy(who);
    }

    /** Joins the cluster; what is pending elsewhere comes when it is this node's. */
    @Override
    public List<RestoredRequest> load(Restoring restoring) {
        engine.join(this);
        loop.execute(() -> {
            tickedAt = loop.nanoTime();
            tick();
        });
        return List.of();
    }

    /**
     * Closes the stream, leaves the others, and returns when what was pending here is at them, or the time for that is over.
     */
    @Override
    public boolean handOver() {
        if (members.size() < 2) {
            return false;
        }
        loop.execute(() -> {
            shared.closing();
            departure.begin();
        });
        departure.await();
        // At once, for the others wait for what this node does not acknowledge any more.
        close();
        return true;
    }

    /** It names its owner, and is fresh for each attempt, so that no two attempts share a correlation key anywhere. */
    @Override
    public String idFor(PendingRequest pending) {
        return ids.fresh();
    }

    @Override
    public String ownId() {
        return ids.fresh();
    }

    @Override
    public int pendingElsewhere() {
        return elsewhere;
    }

    @Override
    public void put(PendingRequest pending) {
        if (closed) {
            throw new StanzaErrorException(ProxyErrors.STOPPING);
        }
        byte[] body = RequestRecord.body(pending);
        if (pending.stored() instanceof Mark mark) {
            node.replace(mark.number(), pending.deadline, body);
        } else {
            pending.storedAs(new Mark(node.put(pending.deadline, body)));
        }
        if (pending.resource() == null) {
            // It is not sent now, so no flush need follow.
            endTurnSoon();
        }
    }

    private void endTurnSoon() {
        if (!turnEndsSoon) {
            turnEndsSoon = true;
            loop.execute(() -> {
                turnEndsSoon = false;
                node.endTurn(() -> {});
            });
        }
    }

    @Override
    public void answered(PendingRequest pending) {
        if ((departure.isWithdrawn() || streamTurn.isRevoked()) && stream.state() != StreamState.READY) {
            // The answer is not written any more: another node is to end the request, too, and write that.
            return;
        }
        if (pending.stored() instanceof Mark mark) {
            pending.storedAs(null);
            node.settle(mark.number());
        }
    }

    @Override
    public boolean flush(Runnable then) {
        TurnBarrier barrier = new TurnBarrier(then);
        shared.turnEnds();
        node.endTurn(() -> {
            shared.written();
            barrier.run();
        });
        pauseIfBehind();
        return barrier.isOpenAtOnce();
    }

    /** While the others do not keep up, the server is to feel it. */
    private void pauseIfBehind() {
        boolean behind = node.isWindowFull();
        if (!departure.isBegun() && behind != paused) {
            paused = behind;
            stream.pauseReading(ComponentStream.Pause.STORE, behind);
        }
    }

    /** Leaves the cluster; the loop may be over by now. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        engine.leave();
        departure.over();
    }

    private void tick() {
        if (closed) {
            return;
        }
        try {
            look();
        } catch (RuntimeException e) {
            // What is looked at again may be mended; a node that looks no more hears of no view.
            LOG.error("failed at putting right what should be otherwise", e);
        }
        loop.schedule(this::tick, TICK_NANOS);
    }

    private void look() {
        closeIfAway();
        node.tick();
        if (shared.hasTaken()) {
            // Nothing has followed from them that would be written.
            shared.turnEnds();
            node.endTurn(shared::written);
        }
        streamTurn.look();
        pauseIfBehind();
        tickedAt = loop.nanoTime();
        NodeFigures says = node.figures();
        noMajority.look(says.isActing(), members.size(), tickedAt);
        if (says.isActing()) {
            astray.look(tickedAt, held());
        }
        figures = figuresOf(says);
        elsewhere = says.ownedElsewhere();
        // When what the node has said last is sent.
        loop.execute(departure::look);
    }

    private ClusterFigures figuresOf(NodeFigures says) {
        return new ClusterFigures(
                number,
                rules.nodes(),
                members,
                says.streams(),
                says.isActing(),
                says.isStandby(),
                says.isRedundant(),
                says.owned(),
                says.held(),
                says.unprotected(),
                says.turns(),
                takenOver,
                says.fenced(),
                says.unreadable());
    }

    /**
     * After so long the others have gone on without this process, and its connection takes a share from theirs at some servers. Where
     * each has a stream that is as it should be, and what was written to it meanwhile is handed on.
     */
    private void closeIfAway() {
        long away = loop.nanoTime() - tickedAt;
        if (away > rules.silentAfter().toNanos()
                && rules.streams() != ClusterRules.Streams.ALL
                && stream.state() != StreamState.DISCONNECTED) {
            LOG.warn("{}: this process stood still for {} ms, so it closes its stream", engine, away / 1_000_000);
            stream.withdraw();
        }
    }

    // ---- The engine ----

    @Override
    public void viewDelivered(View view) {
        members = view.members().stream().map(Member::node).sorted().toList();
        astray.viewDelivered(members, loop.nanoTime());
        LOG.info("{}: view {} has {}", engine, view.number(), view.members());
        node.viewDelivered(view);
    }

    @Override
    public void received(Member from, byte[] octets) {
        node.received(from, octets);
        pauseIfBehind();
    }

    @Override
    public void ended(int other) {
        node.ended(other);
    }

    // ---- The others' word ----

    @Override
    public void takenOver(List<Taken> taken) {
        List<RestoredRequest> restored = new ArrayList<>(taken.size());
        for (Taken one : taken) {
            long millis = clock.millis() + TimeUnit.NANOSECONDS.toMillis(one.deadline() - loop.nanoTime());
            try {
                restored.add(RequestRecord.decode(new Mark(one.number()), millis, one.body()));
            } catch (RuntimeException e) {
                LOG.error("a request of another node cannot be read and gets no answer: {}", e.toString());
                node.settle(one.number());
            }
        }
        LOG.info("{} requests of another node are pending here now", restored.size());
        takenOver += restored.size();
        held().takeUp(restored);
    }

    @Override
    public void perhapsUnwritten(int answers) {
        LOG.info("{} answers were about to be written by a node that left, or had been just then", answers);
    }

    @Override
    public void handedOver(List<Long> numbers) {
        LOG.info("{} requests are pending at another node now", numbers.size());
        Set<Mark> marks = numbers.stream().map(Mark::new).collect(Collectors.toSet());
        held().drop(marks);
    }

    @Override
    public boolean reply(byte[] stanza, boolean named) {
        return shared.reply(stanza, named);
    }

    @Override
    public void stanza(byte[] stanza) {
        shared.stanza(stanza);
    }

    /** With one stream, whoever opens it asks. */
    @Override
    public void othersGone() {
        if (rules.streams() == ClusterRules.Streams.ALL && stream.state() == StreamState.READY) {
            held().askWhoIsThere(true);
        }
    }

    @Override
    public void beganAnew() {
        LOG.warn("the other nodes have gone on without this one: what was pending here is theirs, and this node begins"
                + " anew");
        held().dropAll();
        shared.beganAnew();
    }

    @Override
    public void streamGranted() {
        streamTurn.granted();
    }

    @Override
    public void streamRevoked() {
        streamTurn.revoked();
    }

    @Override
    public ClusterFigures figures() {
        return figures;
    }

    private Holder held() {
        if (holder == null) {
            throw new IllegalStateException("a cluster is joined when somebody holds the requests");
        }
        return holder;
    }
}
