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

    /** Which address of the proxy host is asked. */
    Jid addressUsed();

    /** The resources that have had the request already, by their addresses. */
    List<Jid> tried();

    /** What a route has said of the choice. */
    default ChoiceRules choiceRules() {
        return ChoiceRules.NONE;
    }

    /** The same wish of a request that only these resources have had. */
    default Wish asTried(List<Jid> resources) {
        return new Retried(this, resources);
    }

    /** The same wish under other rules. */
    default Wish under(ChoiceRules rules) {
        return new Ruled(this, rules);
    }

    /** @param wish what it is in all else */
    record Ruled(Wish wish, ChoiceRules choiceRules) implements Wish {
        @Override
        public Jid requester() {
            return wish.requester();
        }

        @Override
        public Jid addressUsed() {
            return wish.addressUsed();
        }

        @Override
        public List<Jid> tried() {
            return wish.tried();
        }
    }

    /** @param wish what it is in all else */
    record Retried(Wish wish, List<Jid> tried) implements Wish {
        @Override
        public Jid requester() {
            return wish.requester();
        }

        @Override
        public Jid addressUsed() {
            return wish.addressUsed();
        }

        @Override
        public ChoiceRules choiceRules() {
            return wish.choiceRules();
        }
    }
}
