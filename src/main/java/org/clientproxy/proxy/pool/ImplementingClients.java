package org.clientproxy.proxy.pool;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of the target that are implementing clients, told from those of other programs by {@code proxy.resources}:
 * patterns of resourceparts in which {@code *} is any text and {@code ?} one character. Without patterns all are. Used on
 * the loop only.
 */
final class ImplementingClients {
    private static final Logger LOG = LoggerFactory.getLogger(ImplementingClients.class);

    /** So many sessions are named in the log, for a target may make up names without end. */
    private static final int NAMED = 50;

    private ResourcePatterns patterns;
    private final Set<Jid> named = new HashSet<>();

    ImplementingClients(List<String> patterns) {
        this.patterns = new ResourcePatterns(patterns);
    }

    /** From now on these patterns hold; false where they did before. */
    boolean adjust(List<String> now) {
        ResourcePatterns next = new ResourcePatterns(now);
        if (next.equals(patterns)) {
            return false;
        }
        patterns = next;
        named.clear();
        return true;
    }

    /** What there is to add where none of them is there, in words; empty: nothing. */
    String nobody() {
        return named.isEmpty() ? "" : ", or none that came so far matches proxy.resources";
    }

    /** Whether a session, by its full address, is one; of each that is not, the log tells once. */
    boolean include(Jid session) {
        if (patterns.isEmpty() || patterns.match(session)) {
            return true;
        }
        if (named.size() < NAMED && named.add(session)) {
            LOG.info(
                    "{} is there, but gets no requests: it does not match proxy.resources{}",
                    LogText.of(session.toString()),
                    named.size() < NAMED ? "" : "; further such sessions are not named");
        }
        return false;
    }
}
