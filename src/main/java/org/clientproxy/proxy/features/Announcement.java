package org.clientproxy.proxy.features;

import org.clientproxy.proxy.caps.CapsHash;
import org.clientproxy.proxy.pool.Caps;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.stream.StreamLoop;
import org.jspecify.annotations.Nullable;

/** What one session says of itself, until it says something else or leaves. Used on the loop only. */
final class Announcement {
    final PooledResource resource;

    /** Null: nothing. */
    final @Nullable Caps caps;

    /** Stands for its features, whoever says it; null where there is none that could be checked. */
    final @Nullable CapsHash hash;

    /** The question that it waits for; null: none. */
    @Nullable
    Question question;

    /** When it is asked again; null: it is not. */
    StreamLoop.@Nullable Timeout again;

    Announcement(PooledResource resource) {
        this.resource = resource;
        this.caps = resource.caps();
        this.hash = CapsHash.of(caps);
    }
}
