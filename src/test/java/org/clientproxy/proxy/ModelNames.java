package org.clientproxy.proxy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/** Which messages were written to somebody by name, for the reference model: errors about them come back from there. */
final class ModelNames {
    private static final long KNOWN = Duration.ofMinutes(30).toNanos();

    private record Written(String name, long at) {}

    private final LongSupplier clock;
    private final Map<String, Written> written = new HashMap<>();

    ModelNames(LongSupplier clock) {
        this.clock = clock;
    }

    private static String key(Jid account, Jid from, @Nullable String id) {
        return account.bare().key() + '\n' + from.key() + '\n' + (id == null ? "" : id);
    }

    /** A session's message goes to this account, from this address of ours. */
    void wrote(Jid account, Jid from, Stanza message) {
        if (message.toJid().local() == null) {
            written.remove(key(account, from, message.id()));
        } else {
            written.put(key(account, from, message.id()), new Written(message.to(), clock.getAsLong()));
        }
    }

    /** The name by which it was written what this error is about; null: it was not. */
    @Nullable
    String find(Stanza error) {
        Written found = written.get(key(error.fromJid(), error.toJid(), error.id()));
        return found != null && clock.getAsLong() - found.at() < KNOWN ? found.name() : null;
    }
}
