package org.clientproxy.proxy.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.clientproxy.proxy.pending.OtherAttempt;
import org.clientproxy.proxy.pending.PendingRequest;
import org.clientproxy.proxy.pending.PendingStore;
import org.clientproxy.proxy.pending.RestoredRequest;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;

/** The body of a record: one attempt at a request in octets. */
public final class RequestRecord {
    private static final ByteBuffer NO_ROOM = ByteBuffer.allocate(0);

    /** Where in a body stands what kind of record it is. */
    private static final int KIND_AT = 2 * Long.BYTES;

    private static final int WAITING = 1;

    /** There are other attempts that are open: behind the resources tried stand their keys and resources. */
    private static final int SEVERAL = 2;

    /** A session of the target has asked a requester. */
    private static final int REVERSE = 3;

    /** Added to the kind: there may be an earlier record of the same request that is not settled yet. */
    private static final int LATER = 0x80;

    /**
     * The body of a record, behind the room of a frame: number, deadline, kind, key, resources tried, other open
     * attempts where there are any, and the stanza as XML.
     *
     * @param later whether the request is recorded elsewhere already, which this record replaces
     * @param room where it is written if it has its size
     */
    static ByteBuffer encode(long number, long deadlineMillis, boolean later, PendingRequest pending, ByteBuffer room) {
        byte[] key = String.valueOf(pending.key()).getBytes(StandardCharsets.UTF_8);
        List<byte[]> tried = new ArrayList<>(pending.tried().size());
        int size = JournalLayout.FRAME_OCTETS + 2 * Long.BYTES + 1 + 2 * Integer.BYTES + key.length;
        for (Jid jid : pending.tried()) {
            byte[] octets = jid.toString().getBytes(StandardCharsets.UTF_8);
            tried.add(octets);
            size += Integer.BYTES + octets.length;
        }
        boolean several = pending.hasOthers();
        if (several) {
            size += othersSize(pending);
        }
        size += pending.request().octets();
        ByteBuffer out = size <= room.capacity() ? room.clear() : ByteBuffer.allocate(size);
        out.position(JournalLayout.FRAME_OCTETS);
        out.putLong(number).putLong(deadlineMillis).put((byte) (kindOf(pending) | (later ? LATER : 0)));
        out.putInt(key.length).put(key).putInt(tried.size());
        for (byte[] octets : tried) {
            out.putInt(octets.length).put(octets);
        }
        if (several) {
            writeOthers(pending, out);
        }
        pending.request().writeTo(out);
        return out.flip();
    }

    /** An attempt without number and deadline, for those who keep them elsewhere. */
    public static byte[] body(PendingRequest pending) {
        ByteBuffer framed = encode(0, 0, false, pending, NO_ROOM);
        byte[] body = new byte[framed.limit() - JournalLayout.FRAME_OCTETS];
        framed.get(JournalLayout.FRAME_OCTETS, body);
        return body;
    }

    /**
     * Reads what {@link #body} wrote.
     *
     * @param record the mark of whoever kept it
     * @throws RuntimeException of some kind where it is not that
     */
    public static RestoredRequest decode(PendingStore.Recorded record, long deadlineMillis, byte[] body) {
        ByteBuffer in = ByteBuffer.wrap(body.clone()).putLong(Long.BYTES, deadlineMillis);
        return decode(record, in);
    }

    private static int othersSize(PendingRequest pending) {
        int size = Integer.BYTES;
        for (OtherAttempt other : pending.others()) {
            size += 2 * Integer.BYTES + other.key().getBytes(StandardCharsets.UTF_8).length;
        }
        return size;
    }

    /** How many they are, and of each the place of its resource among those tried, and its key. */
    private static void writeOthers(PendingRequest pending, ByteBuffer out) {
        out.putInt(pending.others().size());
        for (OtherAttempt other : pending.others()) {
            byte[] key = other.key().getBytes(StandardCharsets.UTF_8);
            out.putInt(pending.tried().indexOf(other.address()))
                    .putInt(key.length)
                    .put(key);
        }
    }

    private static Map<String, Jid> others(ByteBuffer in, List<Jid> tried) {
        Map<String, Jid> others = new LinkedHashMap<>();
        for (int count = in.getInt(); count > 0; count--) {
            Jid resource = tried.get(in.getInt());
            others.put(string(in), resource);
        }
        return others;
    }

    /** The record, behind the room of a frame, is copied to another place, and may stand in both for a moment. */
    static void markAsLater(ByteBuffer framed) {
        int at = framed.position() + JournalLayout.FRAME_OCTETS + KIND_AT;
        framed.put(at, (byte) (framed.get(at) | LATER));
    }

    /** Whether there may be an earlier record of the request in this body that is not settled yet. */
    static boolean isLater(ByteBuffer body) {
        return (body.get(KIND_AT) & LATER) != 0;
    }

    /** Whether this program knows what is in this body. */
    static boolean isKnown(ByteBuffer body) {
        return kind(body.get(KIND_AT)) <= REVERSE;
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
    static RestoredRequest decode(PendingStore.Recorded record, ByteBuffer body) {
        ByteBuffer in = body.duplicate();
        in.getLong();
        long deadlineMillis = in.getLong();
        int kind = kind(in.get());
        boolean waiting = kind == WAITING;
        String key = string(in);
        List<Jid> tried = new ArrayList<>();
        for (int count = in.getInt(); count > 0; count--) {
            tried.add(Jid.parse(string(in)));
        }
        Map<String, Jid> others = kind == SEVERAL ? others(in, tried) : Map.of();
        byte[] xml = new byte[in.remaining()];
        in.get(xml);
        Stanza request = StanzaXml.parse(xml);
        if (!request.isRequest() || request.id() == null || !waiting && tried.isEmpty()) {
            throw new IllegalArgumentException("no request that was sent on");
        }
        // Both are asked for later, where there is nobody to be told that there is none.
        request.fromJid();
        request.toJid();
        return new RestoredRequest(record, deadlineMillis, waiting, kind == REVERSE, key, tried, others, request);
    }

    private RequestRecord() {}

    private static int kindOf(PendingRequest pending) {
        if (pending.isReverse()) {
            return REVERSE;
        }
        return pending.hasOthers() ? SEVERAL : pending.resource() == null ? WAITING : 0;
    }

    private static int kind(byte octet) {
        return octet & ~LATER & 0xFF;
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
