package org.clientproxy.proxy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.clientproxy.stream.StanzaXml;
import org.clientproxy.xmpp.Attribute;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;

/**
 * A pending request as a {@link PendingStore} gives it back to the next process.
 *
 * @param record where it is recorded
 * @param deadlineMillis when it expires, in milliseconds of the Unix epoch
 * @param waiting whether it waited for the pool, so that it was sent to nobody yet or not again
 * @param key the correlation key of its last attempt
 * @param tried the resources that it was sent to; the last one is that of its last attempt unless it waits
 * @param request the request as the requester sent it, which holds requester, address used and id
 */
record StoredRequest(
        StoredRecord record, long deadlineMillis, boolean waiting, String key, List<Jid> tried, Stanza request) {
    /** Where in a body stands what kind of record it is. */
    private static final int KIND_AT = 2 * Long.BYTES;

    private static final int WAITING = 1;

    /** Added to the kind: there may be an earlier record of the same request that is not settled yet. */
    private static final int LATER = 0x80;

    /**
     * The body of a record, behind the room of a frame: number, deadline, kind, key, resources tried, and the stanza as XML.
     *
     * @param later whether the request is recorded elsewhere already, which this record replaces
     * @param room where it is written if it has its size
     */
    static ByteBuffer encode(long number, long deadlineMillis, boolean later, PendingRequest pending, ByteBuffer room) {
        byte[] key = String.valueOf(pending.key()).getBytes(StandardCharsets.UTF_8);
        List<byte[]> tried = new ArrayList<>(pending.tried().size());
        int size = SegmentLayout.FRAME_OCTETS + 2 * Long.BYTES + 1 + 2 * Integer.BYTES + key.length;
        for (Jid jid : pending.tried()) {
            byte[] octets = jid.toString().getBytes(StandardCharsets.UTF_8);
            tried.add(octets);
            size += Integer.BYTES + octets.length;
        }
        size += pending.request().octets();
        ByteBuffer out = size <= room.capacity() ? room.clear() : ByteBuffer.allocate(size);
        out.position(SegmentLayout.FRAME_OCTETS);
        int kind = (pending.resource() == null ? WAITING : 0) | (later ? LATER : 0);
        out.putLong(number).putLong(deadlineMillis).put((byte) kind);
        out.putInt(key.length).put(key).putInt(tried.size());
        for (byte[] octets : tried) {
            out.putInt(octets.length).put(octets);
        }
        pending.request().writeTo(out);
        return out.flip();
    }

    /** The record, behind the room of a frame, is copied to another place, and may stand in both for a moment. */
    static void markAsLater(ByteBuffer framed) {
        int at = framed.position() + SegmentLayout.FRAME_OCTETS + KIND_AT;
        framed.put(at, (byte) (framed.get(at) | LATER));
    }

    /** Whether there may be an earlier record of the request in this body that is not settled yet. */
    static boolean isLater(ByteBuffer body) {
        return (body.get(KIND_AT) & LATER) != 0;
    }

    /** Whether this program knows what is in this body. */
    static boolean isKnown(ByteBuffer body) {
        return (body.get(KIND_AT) & ~LATER & 0xFF) <= WAITING;
    }

    /** When the request in this body expires, in milliseconds of the Unix epoch. */
    static long deadlineMillis(ByteBuffer body) {
        return body.getLong(Long.BYTES);
    }

    /**
     * Reads what {@link #encode} wrote, without the frame.
     *
     * @throws RuntimeException of some kind where it is not that
     */
    static StoredRequest decode(StoredRecord record, ByteBuffer body) {
        ByteBuffer in = body.duplicate();
        in.getLong();
        long deadlineMillis = in.getLong();
        boolean waiting = (in.get() & ~LATER & 0xFF) == WAITING;
        String key = string(in);
        List<Jid> tried = new ArrayList<>();
        for (int count = in.getInt(); count > 0; count--) {
            tried.add(Jid.parse(string(in)));
        }
        byte[] xml = new byte[in.remaining()];
        in.get(xml);
        Stanza request = StanzaXml.parse(xml);
        if (!request.isRequest() || request.id() == null || !waiting && tried.isEmpty()) {
            throw new IllegalArgumentException("no request that was sent on");
        }
        // Both are asked for later, where there is nobody to be told that there is none.
        request.fromJid();
        request.toJid();
        return new StoredRequest(record, deadlineMillis, waiting, key, tried, request);
    }

    /** The same without what the request says: enough to answer it with an error. */
    StoredRequest withoutContent() {
        Stanza bare = Stanza.of(Stanza.Kind.IQ, request.type(), request.id(), request.from(), request.to(), "");
        return new StoredRequest(record, deadlineMillis, waiting, key, tried, bare);
    }

    /** Some upper bound of the heap that it takes while it is pending, in octets. */
    long heapOctets() {
        long octets = 1024 + 2L * key.length() + request.octets();
        for (Attribute attribute : request.attributes()) {
            octets += 100 + 2L * attribute.value().length();
        }
        return octets;
    }

    private static String string(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("a text that is longer than its record");
        }
        byte[] octets = new byte[length];
        in.get(octets);
        return new String(octets, StandardCharsets.UTF_8);
    }
}
