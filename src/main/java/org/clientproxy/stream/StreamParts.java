package org.clientproxy.stream;

import io.netty.channel.EventLoop;
import org.clientproxy.xmpp.LogLimit;

/**
 * What stays of a stream over all its connections, as each of them uses it.
 *
 * @param user who gets the stanzas
 * @param check what is taken
 * @param skipped what is made of what is too much
 * @param warnings at most one a minute, over all connections
 */
record StreamParts(
        StreamSettings settings,
        EventLoop eventLoop,
        StreamLoop loop,
        StreamCounters counters,
        StreamLife life,
        StreamUser user,
        Outbox outbox,
        ServerAddresses addresses,
        InboundCheck check,
        SkippedStanzas skipped,
        LogLimit warnings) {
    /** The same for a connection by these settings. */
    StreamParts by(StreamSettings renewed) {
        return new StreamParts(
                renewed, eventLoop, loop, counters, life, user, outbox, addresses, check, skipped, warnings);
    }
}
