package org.clientproxy.proxy.presence;

import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;

/** One session of a requester at one address of the proxy host: who has its presence, and whose presence it has. On the loop. */
final class RelayedSession {
    /** One of the two with a resource. */
    static final class Link {
        private final RelayedSession session;
        private final ResourcePlace place;
        private final long since;

        /**
         * @param session whose it is
         * @param place the resource's
         * @param since when it was last confirmed, in nanoseconds of the loop's clock
         */
        Link(RelayedSession session, ResourcePlace place, long since) {
            this.session = session;
            this.place = place;
            this.since = since;
        }

        RelayedSession session() {
            return session;
        }

        ResourcePlace place() {
            return place;
        }

        long since() {
            return since;
        }

        /** Whether the resource's session has ended since. */
        boolean isVoid() {
            return place.isEnded(since);
        }
    }

    private final Jid requester;
    private final Jid addressUsed;
    private final int stream;

    /** The resource that has its presence; null: nobody has. */
    @Nullable
    Link told;

    /** The resource whose presence it has, under the address that it used; null: it has none. */
    @Nullable
    Link shown;

    /** @param stream during which stream it came: of those that are older the end may have been missed */
    RelayedSession(Jid requester, Jid addressUsed, int stream) {
        this.requester = requester;
        this.addressUsed = addressUsed;
        this.stream = stream;
    }

    Jid requester() {
        return requester;
    }

    Jid addressUsed() {
        return addressUsed;
    }

    int stream() {
        return stream;
    }

    static String key(Jid requester, Jid addressUsed) {
        return requester.key() + '\n' + addressUsed.key();
    }
}
