package org.clientproxy.proxy.pool;

import java.time.Duration;
import java.util.function.Consumer;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/** Asks sessions by IQ requests of the proxy host's own. On the loop. */
@FunctionalInterface
public interface Queries {
    /**
     * Sends an IQ {@code get} with this child, from the proxy host to this address.
     *
     * @param child one element, as XML with its namespace
     * @param limit how long the reply is awaited
     * @param heard gets the reply, a result or an error of exactly that address, later in another task; null where none came
     */
    void ask(Jid to, String child, Duration limit, Consumer<@Nullable Stanza> heard);
}
