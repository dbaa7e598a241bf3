package org.clientproxy.proxy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.clientproxy.stream.StanzaXml;
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

    /**
     * The body of a record: number, deadline, flag, key, resources tried, and the stanza as XML.
     *
     * @param room where it is written if it has its size
     */
    static ByteBuffer encode(long number, long deadlineMillis, PendingRequest pending, ByteBuffer room) {
        byte[] key = String.valueOf(pending.key()).getBytes(StandardCharsets.UTF_8);
        List<byte[]> tried = new ArrayList<>(pending.tried().size());
        int size = 2 * Long.BYTES + 1 + 2 * Integer.BYTES + key.length;
        for (Jid jid : pending.tried()) {
            byte[] octets = jid.toString().getBytes(StandardCharsets.UTF_8);
            tried.add(octets);
            size += Integer.BYTES + octets.length;
        }
        size += pending.request().octets();
        ByteBuffer out = size <= room.capacity() ? room.clear() : ByteBuffer.allocate(size);
        out.putLong(number).putLong(deadlineMillis).put((byte) (pending.resource() == null ? 1 : 0));
        out.putInt(key.length).put(key).putInt(tried.size());
        for (byte[] octets : tried) {
            out.putInt(octets.length).put(octets);
        }
        pending.request().writeTo(out);
        return out.flip();
    }

    /** Reads what {@link #encode} wrote. */
    static StoredRequest decode(StoredRecord record, byte[] body) {
        ByteBuffer in = ByteBuffer.wrap(body);
        in.getLong();
        long deadlineMillis = in.getLong();
        boolean waiting = in.get() != 0;
        String key = string(in);
        List<Jid> tried = new ArrayList<>();
        for (int count = in.getInt(); count > 0; count--) {
            tried.add(Jid.parse(string(in)));
        }
        byte[] xml = new byte[in.remaining()];
        in.get(xml);
        return new StoredRequest(record, deadlineMillis, waiting, key, tried, StanzaXml.parse(xml));
    }

    private static String string(ByteBuffer in) {
        byte[] octets = new byte[in.getInt()];
        in.get(octets);
        return new String(octets, StandardCharsets.UTF_8);
    }
}
