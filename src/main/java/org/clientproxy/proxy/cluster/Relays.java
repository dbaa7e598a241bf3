package org.clientproxy.proxy.cluster;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The stanzas that one node reads and another one is to have: where several have a stream, the server gives each stanza to any of them. A
 * reply goes to the node that its id names. Where that one is gone, or has given the request away, it goes to all, for the request is
 * at one of them. It is not given up before somebody has it, so it may come more than once, which does no harm: it ends a request
 * only once. Any other stanza is given to each once, or is lost.
 *
 * <p>A node that cannot write an answer must not end a request: its replies wait until it can, or has handed over what it owns.
 */
final class Relays {
    /** What a node knows of itself and of the others. */
    interface Here {
        /** Whether it acts, so that it is known who is there. */
        boolean acts();

        /** Whether an answer that is made here goes out. */
        boolean answers();

        /** Whether it owns nothing. */
        boolean ownsNothing();

        /** The life of another member; null where there is none. */
        @Nullable
        Life lifeOf(Member member);

        Collection<Life> others();

        void send(Life to, Command command);
    }

    /** Who the reply names has given it away, so it is passed on once more by whoever has, too. */
    private static final int HOPS = 1;

    /** What a reply that names nobody here may wait for is memory that others need. */
    private static final long MOST_OCTETS = 16L << 20;

    /** @param named the member that the reply names; null where that is known not to have the request any more */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares them, and nobody changes it.
    private record Waiting(@Nullable Member named, byte[] stanza) {}

    private final Member self;
    private final Here here;
    private final ClusterListener listener;
    private List<Waiting> waiting = new ArrayList<>();
    private final Set<byte[]> waits = Collections.newSetFromMap(new IdentityHashMap<>());
    private long octets;
    private boolean gaveAway;

    Relays(Member self, Here here, ClusterListener listener) {
        this.self = self;
        this.here = here;
        this.listener = listener;
    }

    /** Requests that were owned here are another node's: a reply that names this one may be for another. */
    void gaveAway() {
        gaveAway = true;
    }

    /** Whether a reply that names this member is for this node and nobody else. */
    boolean isHere(Member named) {
        return named.equals(self) && !gaveAway && here.acts() && here.answers();
    }

    /** A reply was read here that names this member. */
    void read(Member named, byte[] stanza) {
        if (!here.acts()) {
            // Its request may be another node's before this one acts again.
            await(named, stanza);
        } else if (named.equals(self)) {
            take(true, HOPS, stanza);
        } else {
            route(named, stanza);
        }
    }

    /** Another node has read it, or passes it on. */
    void arrived(Command command) {
        switch (command.kind()) {
            case REPLY -> take(true, HOPS, command.body());
            case REPLY_TO_ALL -> take(false, command.number(), command.body());
            default -> listener.stanza(command.body());
        }
    }

    /** Whom this was sent to is gone, and had perhaps not got it. */
    void stranded(Command command) {
        if (command.kind() == Command.Kind.REPLY || command.kind() == Command.Kind.REPLY_TO_ALL) {
            await(null, command.body());
        }
    }

    /** Whatever waited may find its way now. */
    void look() {
        if (waiting.isEmpty() || !here.acts()) {
            return;
        }
        List<Waiting> now = waiting;
        waiting = new ArrayList<>();
        waits.clear();
        octets = 0;
        for (Waiting one : now) {
            route(one.named(), one.stanza());
        }
    }

    /** Each of the others has it from now on. */
    void tell(byte[] stanza) {
        Command command = new Command(Command.Kind.STANZA, 0, 0, stanza, 0);
        here.others().forEach(other -> here.send(other, command));
    }

    /** Whether nothing waits. */
    boolean isEmpty() {
        return waiting.isEmpty();
    }

    private void route(@Nullable Member named, byte[] stanza) {
        Life life = named == null ? null : here.lifeOf(named);
        if (life != null) {
            here.send(life, new Command(Command.Kind.REPLY, 0, 0, stanza, 0));
        } else if (mustWait()) {
            await(null, stanza);
        } else if (!here.answers() || !listener.reply(stanza, self.equals(named))) {
            toAll(HOPS, stanza);
        }
    }

    /** It is for a request that is here, if it is anywhere, as far as whoever sent it knew. */
    private void take(boolean named, long hops, byte[] stanza) {
        if (mustWait()) {
            await(named ? self : null, stanza);
        } else if (!here.answers() || !listener.reply(stanza, named)) {
            if (named && !here.answers() || gaveAway && hops > 0) {
                toAll(named ? hops : hops - 1, stanza);
            }
        }
    }

    private boolean mustWait() {
        return !here.answers() && !here.ownsNothing();
    }

    private void await(@Nullable Member named, byte[] stanza) {
        if (octets + stanza.length <= MOST_OCTETS && waits.add(stanza)) {
            octets += stanza.length;
            waiting.add(new Waiting(named, stanza));
        }
    }

    private void toAll(long hops, byte[] stanza) {
        Command command = new Command(Command.Kind.REPLY_TO_ALL, hops, 0, stanza, 0);
        here.others().forEach(other -> here.send(other, command));
    }
}
