package org.clientproxy.proxy.jgroups;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** What goes to one other node at a time: each thing with its length before it, in network order. */
final class Parcel {
    private final List<byte[]> things = new ArrayList<>();
    private int length;

    void add(byte[] octets) {
        things.add(octets);
        length += Integer.BYTES + octets.length;
    }

    byte[] octets() {
        ByteBuffer all = ByteBuffer.allocate(length);
        for (byte[] octets : things) {
            all.putInt(octets.length).put(octets);
        }
        return all.array();
    }

    /** What was added there, in its order; what is no parcel has nothing in it, or less. */
    static List<byte[]> read(ByteBuffer in) {
        List<byte[]> all = new ArrayList<>();
        while (in.remaining() >= Integer.BYTES) {
            int length = in.getInt();
            if (length < 0 || length > in.remaining()) {
                break;
            }
            byte[] octets = new byte[length];
            in.get(octets);
            all.add(octets);
        }
        return all;
    }
}
