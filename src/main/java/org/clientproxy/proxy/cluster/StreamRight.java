package org.clientproxy.proxy.cluster;

import java.util.HashSet;
import java.util.Set;
import org.clientproxy.proxy.cluster.ClusterRules.Streams;
import org.jspecify.annotations.Nullable;

/**
 * Who may open a stream to the server: where there is one for all, the member that has the right already, else the first that may. Each
 * opening wants the word of a majority in the present view. So a process that stood still and believes in a view of old does not
 * throw out who is there now.
 */
final class StreamRight {
    private static final long REPEAT_NANOS = 250_000_000L;

    private final Member self;
    private final ClusterRules rules;
    private final Members members;
    private final MessageSender sender;
    private final ClusterListener listener;
    private final Set<Member> grants = new HashSet<>();
    private @Nullable View view;
    private @Nullable Member given;
    private boolean mine;
    private boolean told;
    private long number;
    private boolean asks;
    private long askedAt;

    StreamRight(Member self, ClusterRules rules, Members members, MessageSender sender, ClusterListener listener) {
        this.self = self;
        this.rules = rules;
        this.members = members;
        this.sender = sender;
        this.listener = listener;
    }

    /** Whether the right is this node's, be its stream open or not. */
    boolean isMine() {
        return mine;
    }

    /** This node acts in this view. */
    void act(View next, long now) {
        view = next;
        given = null;
        look(now);
    }

    /** Nobody gives a word until this node acts again. What is open stays open. */
    void pause() {
        view = null;
        asks = false;
    }

    /** The right is lost, if it was there, for this node has no majority, or nothing to serve. */
    void lose() {
        mine = false;
        asks = false;
        if (told) {
            told = false;
            listener.streamRevoked();
        }
    }

    /** The stream has ended: the right stays, but is to be confirmed before the next one. */
    void streamEnded(long now) {
        told = false;
        look(now);
    }

    /** Asks, asks again, or gives up, as it should be now. */
    void look(long now) {
        if (view == null) {
            return;
        }
        if (!isDue(self, view)) {
            if (mine || asks) {
                lose();
            }
        } else if (!told && (!asks || now - askedAt >= REPEAT_NANOS)) {
            ask(view, now);
        }
    }

    private void ask(View in, long now) {
        asks = true;
        askedAt = now;
        number++;
        grants.clear();
        sender.sendToOthers(in, new Message.Ask(in.id(), number, isOneForAll()));
        if (isFree(self, isOneForAll())) {
            given = isOneForAll() ? self : given;
            granted(self, new Message.Grant(in.id(), number));
        }
    }

    /** A member asks. */
    void asked(Member from, Message.Ask ask) {
        View in = view;
        if (in != null && ask.view().equals(in.id()) && isDue(from, in, ask.alone()) && isFree(from, ask.alone())) {
            given = ask.alone() ? from : given;
            sender.send(from, new Message.Grant(in.id(), ask.number()));
        }
    }

    /** A member has given its word. */
    void granted(Member from, Message.Grant grant) {
        View in = view;
        if (!asks || in == null || !grant.view().equals(in.id()) || grant.number() != number) {
            return;
        }
        grants.add(from);
        // A lone one that acts has its reasons.
        if (grants.size() >= Math.min(rules.majority(), in.members().size())) {
            asks = false;
            mine = true;
            told = true;
            listener.streamGranted();
        }
    }

    /** Whether this node's word is not another one's. */
    private boolean isFree(Member asking, boolean alone) {
        Member has = given;
        return !alone
                || has == null
                || has.equals(asking)
                || members.standing(has).leaving() && !members.standing(has).hasStream();
    }

    private boolean isDue(Member member, View in) {
        return rules.streams() != Streams.NONE && isDue(member, in, isOneForAll());
    }

    private boolean isDue(Member member, View in, boolean alone) {
        return alone ? member.equals(oneFor(in)) : maySoon(member);
    }

    /** Who is to have the one stream of all: whoever has it, else the first that may. */
    private @Nullable Member oneFor(View in) {
        for (Member member : in.members()) {
            if (members.standing(member).hasStream()) {
                return member;
            }
        }
        return in.members().stream().filter(this::maySoon).findFirst().orElse(null);
    }

    private boolean maySoon(Member member) {
        Message.Standing standing = members.standing(member);
        return standing.mayStream() && !standing.leaving();
    }

    private boolean isOneForAll() {
        return rules.streams() == Streams.ONE;
    }
}
