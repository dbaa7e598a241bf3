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

    private final List<int[]> patterns;
    private final Set<Jid> named = new HashSet<>();

    ImplementingClients(List<String> patterns) {
        this.patterns =
                patterns.stream().map(pattern -> pattern.codePoints().toArray()).toList();
    }

    /** Whether a session, by its full address, is one; of each that is not, the log tells once. */
    boolean include(Jid session) {
        if (patterns.isEmpty()) {
            return true;
        }
        String resource = session.resource();
        if (resource != null) {
            int[] text = resource.codePoints().toArray();
            if (patterns.stream().anyMatch(pattern -> matches(pattern, text))) {
                return true;
            }
        }
        if (named.size() < NAMED && named.add(session)) {
            LOG.info(
                    "{} is there, but gets no requests: it does not match proxy.resources{}",
                    LogText.of(session.toString()),
                    named.size() < NAMED ? "" : "; further such sessions are not named");
        }
        return false;
    }

    /** Takes each {@code *} for as little as it can be, and one more each time when the rest does not match. */
    private static boolean matches(int[] pattern, int[] text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int starText = 0;
        while (t < text.length) {
            if (p < pattern.length && pattern[p] == '*') {
                star = p++;
                starText = t;
            } else if (p < pattern.length && (pattern[p] == '?' || pattern[p] == text[t])) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++starText;
            } else {
                return false;
            }
        }
        while (p < pattern.length && pattern[p] == '*') {
            p++;
        }
        return p == pattern.length;
    }
}
