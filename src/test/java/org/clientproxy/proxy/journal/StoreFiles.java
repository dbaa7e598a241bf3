package org.clientproxy.proxy.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.clientproxy.proxy.pending.PendingRequest;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.stream.SimulatedLoop;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;

/** Directories of pending requests as an earlier process leaves them, of this version and of the one before. */
public final class StoreFiles {
    private static final String RESOURCE = "worker@localhost/gone";

    private StoreFiles() {}

    /** What is called as a file with records is, in the order of the names. */
    static List<Path> in(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".pending"))
                    .sorted()
                    .toList();
        }
    }

    /** All names but the lock's. */
    public static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> "" + file.getFileName())
                    .filter(name -> !name.equals("lock"))
                    .sorted()
                    .toList();
        }
    }

    /** A request of alice to {@code proxy.localhost} with so many octets of payload. */
    private static Stanza request(String id, int payload) {
        return StanzaXml.parse("<iq type='get' id='" + id + "' from='alice@localhost/home' to='proxy.localhost'>"
                + "<q xmlns='urn:q'>" + "x".repeat(payload) + "</q></iq>");
    }

    /**
     * Writes a directory as this version does.
     *
     * @param ids of each request by its number
     * @param rest how long they have from now on; they may be over
     */
    public static void write(Path directory, int requests, IntFunction<String> ids, int payload, Duration rest) {
        SimulatedLoop loop = new SimulatedLoop();
        JournalStore store = JournalStore.open(directory, loop, InstantSource.system(), JournalStore.SEGMENT_OCTETS);
        // The files that are there stay as they are, and get no further records.
        store.load(each -> true);
        for (int i = 0; i < requests; i++) {
            Stanza request = request(ids.apply(i), payload);
            PendingRequest pending =
                    new PendingRequest(request, request.fromJid(), loop.nanoTime(), loop.nanoTime() + rest.toNanos());
            pending.attempt(
                    new PooledResource(Jid.parse(RESOURCE)), RESOURCE + "\nproxy.localhost/token\n" + request.id(), 0);
            store.put(pending);
        }
        store.close();
    }

    /** Writes a directory as version 1 of the format was; the n-th request is settled where its id is empty. */
    public static void writeOld(Path directory, List<String> ids, int payload, int fileOctets, Duration rest) {
        try {
            Files.createDirectories(directory);
            int next = 0;
            for (long file = 3; next < ids.size(); file++) {
                next = writeOldFile(directory, file, ids, next, payload, fileOctets, rest);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int writeOldFile(
            Path directory, long file, List<String> ids, int from, int payload, int fileOctets, Duration rest)
            throws IOException {
        byte[] first = oldBody(from, ids.get(from), payload, rest);
        int least = 20 + 1 + 8 + first.length + 4;
        int size = Math.max(fileOctets, least + least / 511 + 1);
        int states = size / 512 + 1;
        ByteBuffer out = ByteBuffer.allocate(size);
        out.putInt(0x43435052).putInt(1).putLong(file);
        CRC32C crc = new CRC32C();
        crc.update(out.array(), 0, 16);
        out.putInt((int) crc.getValue()).position(20 + states);
        int next = from;
        for (; next < ids.size() && next - from < states; next++) {
            byte[] body = oldBody(next, ids.get(next), payload, rest);
            if (out.remaining() < 8 + body.length + 4) {
                break;
            }
            crc.reset();
            for (int shift = 0; shift < 64; shift += 8) {
                crc.update((int) (file >>> shift));
            }
            crc.update(body);
            out.putInt(body.length).putInt((int) crc.getValue()).put(body);
            out.put(20 + next - from, (byte) (ids.get(next).isEmpty() ? 1 : 0));
        }
        // The names of files that were used again did not follow their numbers.
        Files.write(directory.resolve(String.format("%016d.pending", file ^ 1)), out.array());
        return next;
    }

    private static byte[] oldBody(int number, String id, int payload, Duration rest) {
        byte[] key = (RESOURCE + "\nproxy.localhost/token\n" + id).getBytes(StandardCharsets.UTF_8);
        byte[] tried = RESOURCE.getBytes(StandardCharsets.UTF_8);
        Stanza request = request(id, payload);
        ByteBuffer out = ByteBuffer.allocate(2 * 8 + 1 + 3 * 4 + key.length + tried.length + request.octets());
        out.putLong(number)
                .putLong(System.currentTimeMillis() + rest.toMillis())
                .put((byte) 0);
        out.putInt(key.length).put(key).putInt(1).putInt(tried.length).put(tried);
        request.writeTo(out);
        return out.array();
    }

    /** The numbers from 0 on as ids. */
    public static List<String> ids(int count) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add("r" + i);
        }
        return ids;
    }
}
