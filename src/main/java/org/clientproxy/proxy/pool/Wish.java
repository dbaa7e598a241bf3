package org.clientproxy.proxy.pool;

import java.util.List;
import org.clientproxy.xmpp.Jid;

/**
 * What a request says about the resource that it may go to. The request itself is one, so that nothing is made for a choice;
 * what else a request may ask for is another method here, and one more {@link Condition} or {@link Choice} that reads it.
 */
public interface Wish {
    /** Who asks. */
    Jid requester();

    /** The resources that have had the request already, by their addresses. */
    List<Jid> tried();

    /** The same wish of a request that only these resources have had. */
    default Wish asTried(List<Jid> resources) {
        return new Retried(this, resources);
    }

    /** @param wish what it is in all else */
    record Retried(Wish wish, List<Jid> tried) implements Wish {
        @Override
        public Jid requester() {
            return wish.requester();
        }
    }
}
