package org.clientproxy.proxy.cluster;

import java.util.List;
import java.util.function.LongSupplier;
import org.clientproxy.proxy.cluster.ClusterRules.Streams;
import org.clientproxy.proxy.cluster.Message.Standing;
import org.clientproxy.proxy.cluster.Message.Word;

/**
 * One node's part in the protocol. Used on one thread, the loop. {@code docs/cluster.md} says what it promises.
 *
 * <p><b>Below</b> the engine calls {@link #viewDelivered}, {@link #received} and {@link #ended}, and the loop {@link #tick} every
 * 20 ms. <b>Above</b> the store of pending requests calls {@link #put}, {@link #replace} and {@link #settle}, and {@link #endTurn} when
 * what belongs together is complete; what the outbox got since the last turn goes to the socket when the barrier is passed.
 */
public final class ClusterNode {
    /** After which time a batch that is not acknowledged is sent again, in nanoseconds. */
    public static final long REPEAT_NANOS = 1_500_000_000L;

    /** The form of what nodes say to each other; those of another one cannot be members. */
    public static final int WIRE_VERSION = Wire.VERSION;

    private final ClusterRules rules;
    private final LongSupplier clock;
    private final ClusterListener listener;
    private final Members members;
    private final Membership membership;
    private final Replication replication;
    private final Owner owner;
    private final Relays relays;
    private final StreamRight right;
    private final OwnStanding standing;
    private final Inbox inbox;
    private final NodeFigures figures;
    private boolean closing;
    private boolean left;

    /** @param clock in nanoseconds of the loop */
    public ClusterNode(Member self, ClusterRules rules, LongSupplier clock, Peers peers, ClusterListener listener) {
        this.rules = rules;
        this.clock = clock;
        this.listener = listener;
        MessageSender sender = new MessageSender(self, clock, peers);
        this.members = new Members(self, this::standing);
        this.membership = new Membership(self, rules, this::standing, sender, new Consequences(), clock.getAsLong());
        this.replication = new Replication(self, membership, members, sender, listener, this::serves, this::answers);
        this.owner = replication.owner();
        this.relays = replication.relays();
        this.right = new StreamRight(self, rules, members, sender, listener);
        this.standing = new OwnStanding(rules, membership, right, owner, sender);
        this.inbox = new Inbox(membership, members, replication, right, peers);
        this.figures = new NodeFigures(self, rules, membership, members, replication, right, inbox);
    }

    private Standing standing() {
        return standing.present();
    }

    private boolean serves() {
        return right.isMine();
    }

    private boolean answers() {
        return right.isMine() && !closing;
    }

    /** The time, in which this process runs. */
    private long now() {
        long now = clock.getAsLong();
        membership.runsAt(now);
        return now;
    }

    // ---- The engine ----

    /** The engine has agreed on another view; one whose number is not greater than that of the last one is passed over. */
    public void viewDelivered(View next) {
        if (!left && membership.isNext(next)) {
            membership.viewDelivered(next, now());
        }
    }

    /** A message of {@link Peers#send}; one that cannot be read is dropped and counted. */
    public void received(Member from, byte[] octets) {
        if (!left) {
            inbox.received(from, octets, now());
        }
    }

    /** The node's process has surely ended: its sockets have closed, and a connection to it is refused. Matters to two nodes only. */
    public void ended(int node) {
        membership.ended(node, now());
    }

    /** To be called every 20 ms: whatever should be otherwise is put right. */
    public void tick() {
        if (left) {
            return;
        }
        long now = now();
        membership.look(now);
        if (membership.acts()) {
            replication.tick(now);
            right.look(now);
            standing.tell(now);
            left = standing.isLeaving() && isEmpty();
        } else if (membership.isWithoutMajority()) {
            left = standing.isLeaving();
        }
    }

    // ---- The store ----

    /**
     * This node owns a further request.
     *
     * @param deadline in nanoseconds of the clock
     * @param body what whoever takes it over needs to know; not changed any more
     * @return its number
     */
    public long put(long deadline, byte[] body) {
        return owner.put(deadline, body);
    }

    /** The record of the request is another one from now on. Nothing happens where it is not this node's. */
    public void replace(long number, long deadline, byte[] body) {
        owner.replace(number, deadline, body);
    }

    /** The request has its answer, which waits for the barrier of this turn. Nothing happens where it is not this node's. */
    public void settle(long number) {
        owner.settle(number);
    }

    /**
     * What belongs together is complete.
     *
     * @param barrier is called once all that was put, replaced and settled up to now is acknowledged, after those of earlier turns: at
     *     once, if there is nothing to wait for. It is never called if the node begins anew before.
     */
    public void endTurn(Runnable barrier) {
        owner.endTurn(barrier, now());
    }

    /** Whether so many turns wait that no more should be read. */
    public boolean isWindowFull() {
        return owner.turns().size() >= rules.window();
    }

    // ---- What one node reads and another one is to have ----

    /**
     * A reply was read here that names this member as the owner of its request. It goes there, or to whoever has the request by now: to
     * {@link ClusterListener#reply} where that is this node.
     *
     * @param stanza not changed any more
     */
    public void replyRead(Member named, byte[] stanza) {
        relays.read(named, stanza);
    }

    /** Whether a reply that names this member is for a request of this node, if for any: then nobody need be asked. */
    public boolean isHere(Member named) {
        return relays.isHere(named);
    }

    /** All others get the stanza by {@link ClusterListener#stanza}, each once, unless it ends before. In the order of the calls. */
    public void tell(byte[] stanza) {
        relays.tell(stanza);
    }

    /**
     * One of the others that has a stream, or may have one, gets the stanza by {@link ClusterListener#stanza}, unless it ends before.
     *
     * @return false where there is none
     */
    public boolean passOn(byte[] stanza) {
        return replication.passOn(stanza);
    }

    // ---- The stream ----

    /** The stream has ended, or could not be opened: a majority is asked before it is tried again. */
    public void streamEnded() {
        right.streamEnded(now());
    }

    /**
     * Whether the stream is to be opened now. Where there is one, not before the others have told that they own nothing: what those have
     * taken over that hold it is handed over to this node first.
     */
    public boolean mayOpen() {
        return membership.acts() && (rules.streams() != Streams.ONE || members.areIdle());
    }

    /** The stream is going to be closed for good: no request is ended here any more, for its answer would not go out. */
    public void closing() {
        closing = true;
    }

    // ---- Leaving ----

    /**
     * The node is going to leave, and its stream is closed: it hands over what it owns, and what it holds for others they take away. It
     * is to leave the engine's view when {@link #hasLeft}.
     */
    public void leave() {
        closing = true;
        standing.leave();
        right.lose();
        if (membership.acts()) {
            standing.tell(now());
        }
    }

    /**
     * Whether all is handed over, or nobody is there to take it. From then on the node hears nothing any more: what it acknowledged could
     * go no further, where what it does not acknowledge finds another way in the next view. The others wait for that, so it is to come
     * soon.
     */
    public boolean hasLeft() {
        return left;
    }

    /** Whether nothing is owned, held or waiting here. */
    boolean isEmpty() {
        return replication.isEmpty();
    }

    /** What it can say of itself at any moment. */
    public NodeFigures figures() {
        return figures;
    }

    private final class Consequences implements Membership.Listener {
        @Override
        public void paused() {
            owner.pause();
            right.pause();
        }

        @Override
        public void withoutMajority() {
            right.lose();
        }

        @Override
        public void acting(List<Word> words, long now) {
            replication.act(words, now);
            standing.tellAnew(now);
            right.act(membership.present(), now);
        }

        @Override
        public void beganAnew() {
            replication.beginAnew();
            right.pause();
            listener.beganAnew();
            right.lose();
        }
    }
}
