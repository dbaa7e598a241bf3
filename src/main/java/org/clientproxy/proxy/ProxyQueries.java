package org.clientproxy.proxy;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.clientproxy.component.StreamUse;
import org.clientproxy.proxy.pool.Queries;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/** Sends the proxy host's own requests over its stream, under ids that nobody guesses. On the loop. */
final class ProxyQueries implements Queries {
    private final Jid domain;
    private final StreamUse use;
    private final Supplier<String> ids;

    ProxyQueries(Jid domain, StreamUse use, Supplier<String> ids) {
        this.domain = domain;
        this.use = use;
        this.ids = ids;
    }

    @Override
    public void ask(Jid to, String child, Duration limit, Consumer<@Nullable Stanza> heard) {
        use.ask(Stanza.of(Stanza.Kind.IQ, "get", ids.get(), domain.toString(), to.toString(), child), limit, heard);
    }
}
