package org.clientproxy.proxy.jgroups;

import java.security.SecureRandom;
import java.util.Base64;
import org.clientproxy.proxy.cluster.Member;
import org.jspecify.annotations.Nullable;

/**
 * The ids of what a node sends. They name the node and its process, so that whoever reads the reply knows whose it is, and are fresh each
 * time, so that no two share a correlation key anywhere.
 */
final class NodeIds {
    private static final int RANDOM_OCTETS = 16;

    private static final int MOST_NODES = 99;

    /** In base64url. */
    private static final int RANDOM_LENGTH = 22;

    private final Member self;
    private final String prefix;
    private final SecureRandom random = new SecureRandom();

    NodeIds(Member self) {
        this.self = self;
        this.prefix = self.node() + "-" + Long.toString(self.started(), Character.MAX_RADIX) + "-";
    }

    String fresh() {
        byte[] bits = new byte[RANDOM_OCTETS];
        random.nextBytes(bits);
        return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
    }

    /** The process that an id names, be it there or not; null where it is no such id. */
    @Nullable
    Member named(String id) {
        if (id.startsWith(prefix)) {
            return self;
        }
        int afterNode = id.indexOf('-');
        int afterStart = id.indexOf('-', afterNode + 1);
        if (afterNode < 1 || afterStart < 0 || id.length() - afterStart - 1 != RANDOM_LENGTH) {
            return null;
        }
        try {
            int node = Integer.parseInt(id, 0, afterNode, 10);
            long started = Long.parseLong(id, afterNode + 1, afterStart, Character.MAX_RADIX);
            return node < 1 || node > MOST_NODES ? null : new Member(node, started);
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
