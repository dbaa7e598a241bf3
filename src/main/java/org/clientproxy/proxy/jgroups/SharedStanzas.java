package org.clientproxy.proxy.jgroups;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.clientproxy.proxy.cluster.ClusterNode;
import org.clientproxy.proxy.cluster.Member;
import org.clientproxy.proxy.pending.PendingStore;
import org.clientproxy.proxy.pool.TargetPresence;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.stream.ComponentStream;
import org.clientproxy.stream.StanzaRelay;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose the stanzas are that this node's stream brings, and what those of other nodes bring for this one. A reply goes by its id; what the
 * target says of its presence is for all; anything else is for whoever has read it. On the loop.
 */
final class SharedStanzas implements StanzaRelay {
    private static final Logger LOG = LoggerFactory.getLogger(SharedStanzas.class);

    /** What is said of who is there, in the attribute {@code type}; a question of the target is answered by who has read it. */
    private static final Set<String> TOLD = Set.of("unavailable", "subscribed", "unsubscribed", "error");

    private final Jid domain;
    private final Jid target;
    private final boolean all;
    private final NodeIds ids;
    private final ClusterNode node;
    private final ComponentStream stream;
    private final Runnable passedOn;
    // Replies that have ended requests here, of each turn whose answers are not written yet.
    private final Deque<List<Stanza>> unwritten = new ArrayDeque<>();
    private List<Stanza> taken = List.of();
    private PendingStore.@Nullable Holder holder;
    private boolean closing;

    /** @param passedOn called when something was given to the node to pass on */
    SharedStanzas(ProxySettings settings, NodeIds ids, ClusterNode node, ComponentStream stream, Runnable passedOn) {
        this.domain = settings.domain();
        this.target = settings.target();
        this.all = settings.hasSeveralStreams();
        this.ids = ids;
        this.node = node;
        this.stream = stream;
        this.passedOn = passedOn;
    }

    void heldBy(PendingStore.Holder who) {
        holder = who;
    }

    /** The stream is going to be closed for good: nothing is this node's any more. */
    void closing() {
        closing = true;
    }

    @Override
    public String pingId() {
        return ids.fresh();
    }

    @Override
    public boolean isHere(Stanza stanza) {
        if (closing) {
            late(stanza);
            return false;
        }
        if (stanza.isReply()) {
            Member named = named(stanza);
            if (named == null) {
                return true;
            }
            if (node.isHere(named)) {
                taken(stanza);
                return true;
            }
            node.replyRead(named, stanza.toBytes());
            passedOn.run();
            return false;
        }
        if (isForAll(stanza)) {
            node.tell(stanza.toBytes());
            passedOn.run();
        }
        return true;
    }

    @Override
    public void late(Stanza stanza) {
        if (stanza.isReply()) {
            Member named = named(stanza);
            if (named == null || node.isHere(named)) {
                stream.readElsewhere(stanza);
                return;
            }
            node.replyRead(named, stanza.toBytes());
        } else if (isForAll(stanza)) {
            node.tell(stanza.toBytes());
        } else if (!node.passOn(stanza.toBytes())) {
            // Nobody else has a stream yet: what is recorded here is handed over with all else.
            stream.readElsewhere(stanza);
            return;
        }
        passedOn.run();
    }

    private @Nullable Member named(Stanza reply) {
        String id = reply.id();
        return id == null ? null : ids.named(id);
    }

    private boolean isForAll(Stanza stanza) {
        return all
                && stanza.kind() == Stanza.Kind.PRESENCE
                && stanza.fromJid().sameBare(target)
                && (stanza.type() == null || TOLD.contains(stanza.type()))
                && TargetPresence.isToHost(stanza, domain);
    }

    /** Another node has read a reply that may be to a request which is pending here; says whether it is. */
    boolean reply(byte[] octets, boolean named) {
        Stanza reply = read(octets);
        PendingStore.Holder has = holder;
        if (reply == null || has == null) {
            return false;
        }
        boolean pending = has.isPending(reply);
        if (pending || named) {
            taken(reply);
            stream.readElsewhere(reply);
        }
        return pending;
    }

    private void taken(Stanza reply) {
        if (taken.isEmpty()) {
            taken = new ArrayList<>();
        }
        taken.add(reply);
    }

    /** Whether any reply has ended a request here since the last turn ended. */
    boolean hasTaken() {
        return !taken.isEmpty();
    }

    /** A turn ends; {@link #written} follows when its answers may be written. */
    void turnEnds() {
        unwritten.add(taken);
        taken = List.of();
    }

    /** The answers of the first turn that has ended may be written. */
    void written() {
        unwritten.remove();
    }

    /** This node's requests are others' now, and no answer of it goes out: the replies to them are others', too. */
    void beganAnew() {
        turnEnds();
        for (List<Stanza> ofTurn : unwritten) {
            for (Stanza reply : ofTurn) {
                Member named = named(reply);
                if (named != null) {
                    node.replyRead(named, reply.toBytes());
                }
            }
        }
        unwritten.clear();
    }

    /** Another node has read what is this one's business. */
    void stanza(byte[] octets) {
        Stanza stanza = read(octets);
        if (stanza != null) {
            stream.readElsewhere(stanza);
        }
    }

    private static @Nullable Stanza read(byte[] octets) {
        try {
            Stanza stanza = StanzaXml.parse(octets);
            // Both are asked for later, where nobody expects that they are wrong.
            stanza.fromJid();
            stanza.toJid();
            return stanza;
        } catch (RuntimeException e) {
            LOG.error("a stanza of another node cannot be read: {}", e.toString());
            return null;
        }
    }
}
