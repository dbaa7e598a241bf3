package org.clientproxy.proxy.cluster;

import java.util.function.LongSupplier;

/** Sends messages to other members, in the form of the {@link Wire}. */
final class MessageSender {
    private final Member self;
    private final LongSupplier clock;
    private final Peers peers;

    /** @param clock in nanoseconds of the loop */
    MessageSender(Member self, LongSupplier clock, Peers peers) {
        this.self = self;
        this.clock = clock;
        this.peers = peers;
    }

    void send(Member to, Message message) {
        peers.send(to, Wire.encode(message, clock.getAsLong()));
    }

    /** All members of the view get it, but for this one. */
    void sendToOthers(View view, Message message) {
        byte[] octets = Wire.encode(message, clock.getAsLong());
        for (Member member : view.members()) {
            if (!member.equals(self)) {
                peers.send(member, octets);
            }
        }
    }
}
