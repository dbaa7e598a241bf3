package org.clientproxy.proxy.stats;

import java.time.Instant;

/**
 * Something that went wrong.
 *
 * @param about whose request, and at which resource; or the stream
 */
public record RecentError(Instant time, String about, String what) {}
