package org.clientproxy.proxy.conversations;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;

/**
 * Which of the latest messages were written to a requester by name, so that an error of it comes back from there: the session that
 * wrote knows that address, and no other. In memory only, for {@link #KNOWN}, and no more than {@link #MOST}: the first is forgotten
 * first. Used on the loop only.
 */
public final class WrittenByName {
    /** Longer than servers keep a session that may come back, and give a message back afterwards. */
    static final Duration KNOWN = Duration.ofMinutes(30);

    static final int MOST = 10_000;

    /** Longer ids are not kept: they are a session's choice, and none needs them. */
    static final int LONGEST_ID = 256;

    private record Written(Jid name, long at) {}

    private final StreamLoop loop;
    private final Map<String, Written> messages = new LinkedHashMap<>();

    public WrittenByName(StreamLoop loop) {
        this.loop = loop;
    }

    /**
     * A message of this id goes to a requester.
     *
     * @param name the address that it was written to; null: the requester's encoded-from
     */
    public void wrote(Conversation conversation, @Nullable String id, @Nullable Jid name) {
        if (name == null && messages.isEmpty() || id != null && id.length() > LONGEST_ID) {
            return;
        }
        String key = key(conversation, id);
        messages.remove(key);
        if (name != null) {
            messages.put(key, new Written(name, loop.nanoTime()));
            if (messages.size() > MOST) {
                messages.remove(messages.keySet().iterator().next());
            }
        }
    }

    /** By which name the message was written that this id is of; null: by none. */
    public @Nullable Jid find(Conversation conversation, @Nullable String id) {
        Written written = messages.isEmpty() ? null : messages.get(key(conversation, id));
        return written == null || loop.nanoTime() - written.at >= KNOWN.toNanos() ? null : written.name;
    }

    private static String key(Conversation conversation, @Nullable String id) {
        return Conversation.key(conversation) + '\n' + (id == null ? "" : id);
    }
}
