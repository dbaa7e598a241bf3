package org.clientproxy.proxy.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.clientproxy.proxy.pending.PendingRequest;
import org.clientproxy.proxy.pending.RestoredRequest;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.scenarios.CapturedLog;
import org.clientproxy.stream.SimulatedLoop;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of pending requests in whatever state: each start serves what is whole, and reports by name what is not. */
class DamagedStoreTest {
    private static final int SMALL = 4096;
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path temporary;

    private Path directory;
    private final SimulatedLoop loop = new SimulatedLoop();
    private final List<JournalStore> opened = new ArrayList<>();

    @BeforeEach
    void prepare() {
        directory = temporary.resolve("proxy.pending");
    }

    @AfterEach
    void close() {
        opened.forEach(JournalStore::close);
    }

    private JournalStore open() {
        JournalStore store = JournalStore.open(directory, loop, () -> NOW, SMALL);
        opened.add(store);
        return store;
    }

    private PendingRequest put(JournalStore store, String id, int payload) {
        Stanza stanza = StanzaXml.parse("<iq type='get' id='" + id
                + "' from='alice@some.example/home' to='proxy.example'><q xmlns='urn:q'>" + "x".repeat(payload)
                + "</q></iq>");
        PendingRequest pending = new PendingRequest(
                stanza,
                stanza.fromJid(),
                loop.nanoTime(),
                loop.nanoTime() + Duration.ofSeconds(60).toNanos());
        pending.attempt(new PooledResource(Jid.parse("worker@some.example/a")), "key of " + id, loop.nanoTime());
        store.put(pending);
        store.flush(() -> {});
        return pending;
    }

    /** Two files: "1", "2" (which is settled) and "3" in the first, "4" in the second; the process is killed. */
    private List<Path> twoFiles() throws IOException {
        JournalStore store = open();
        put(store, "1", 10);
        PendingRequest second = put(store, "2", 10);
        put(store, "3", 10);
        put(store, "4", SMALL - 500);
        store.answered(second);
        store.flush(() -> {});
        // Closed as it is: with its files, which hold something.
        store.close();
        assertThat(StoreFiles.in(directory)).hasSize(2);
        return StoreFiles.in(directory);
    }

    private record Start(List<String> ids, List<String> log) {}

    private Start start() throws Exception {
        try (CapturedLog log = CapturedLog.ofUs(Level.WARN)) {
            JournalStore store = open();
            List<String> ids = store.load(each -> true).stream()
                    .map(stored -> stored.request().id())
                    .toList();
            store.close();
            return new Start(ids, log.events());
        }
    }

    /** It is served so, reported in one line by its name, and kept aside; the next start has nothing to report. */
    private void assertKeptAside(Path file, String... served) throws Exception {
        byte[] damaged = Files.readAllBytes(file);
        Start start = start();
        assertThat(start.ids()).containsExactly(served);
        assertThat(start.log())
                .filteredOn(line -> line.contains(file.getFileName() + " is damaged"))
                .hasSize(1);
        assertThat(file).doesNotExist();
        assertThat(file.resolveSibling(file.getFileName() + ".damaged"))
                .exists()
                .hasSize(damaged.length);
        Start next = start();
        assertThat(next.ids()).containsExactly(served);
        assertThat(next.log()).noneMatch(line -> line.contains("damaged:"));
    }

    @Test
    void servesAFileThatIsOneOctetShorter() throws Exception {
        Path file = twoFiles().get(0);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 1));
        assertKeptAside(file, "1", "3", "4");
    }

    @Test
    void servesAFileThatIsOneOctetLonger() throws Exception {
        Path file = twoFiles().get(0);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length + 1));
        assertKeptAside(file, "1", "3", "4");
    }

    @Test
    void keepsAFileAsideThatIsCutAnywhere() throws Exception {
        Path file = twoFiles().get(0);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, new byte[0]);
        assertKeptAside(file, "4");
        Path aside = file.resolveSibling(file.getFileName() + ".damaged");
        for (int left = 1; left < 64; left++) {
            Files.delete(aside);
            Files.write(file, Arrays.copyOf(whole, left));
            assertKeptAside(file, "4");
        }
    }

    @Test
    void keepsAFileOfZerosAside() throws Exception {
        Path file = twoFiles().get(0);
        Files.write(file, new byte[SMALL]);
        assertKeptAside(file, "4");
    }

    @Test
    void servesWhatStandsBehindADamagedRecord() throws Exception {
        Path file = twoFiles().get(0);
        byte[] whole = Files.readAllBytes(file);
        LeftFile left = new LeftFile();
        left.read(file, LeftFile.layout(file));
        whole[left.place(0) + 30] ^= 1;
        Files.write(file, whole);
        assertKeptAside(file, "3", "4");
    }

    @Test
    void revivesNoAnsweredRequestWhateverOctetOfItsStateChanges() throws Exception {
        Path file = twoFiles().get(0);
        byte[] whole = Files.readAllBytes(file);
        int state = new JournalLayout(JournalLayout.VERSION, 0, SMALL).stateAt(1);
        byte[] other = Files.readAllBytes(StoreFiles.in(directory).get(1));
        for (int bit = 0; bit < 32; bit++) {
            byte[] flipped = whole.clone();
            flipped[state + bit / 8] ^= (byte) (1 << bit % 8);
            directory = Files.createDirectory(temporary.resolve("" + bit));
            Files.write(directory.resolve(file.getFileName()), flipped);
            Files.write(directory.resolve("0000000000000001.pending"), other);
            assertKeptAside(directory.resolve(file.getFileName()), "1", "3", "4");
        }
    }

    @Test
    void revivesNoAnsweredRequestOfACopy() throws Exception {
        Path file = twoFiles().get(0);
        Files.copy(file, directory.resolve("0000000000000099.pending"));
        Start start = start();
        assertThat(start.ids()).containsExactly("1", "3", "4");
        assertThat(start.log()).singleElement().asString().contains("0000000000000099.pending is damaged");
    }

    @Test
    void leavesAloneWhatIsNotItsOwn() throws Exception {
        twoFiles();
        Files.writeString(directory.resolve("notes.pending"), "the notes of somebody else");
        Files.writeString(directory.resolve("README"), "whatever");
        Files.createDirectory(directory.resolve("0000000000000050.pending"));
        Path elsewhere = Files.write(temporary.resolve("elsewhere"), new byte[SMALL]);
        Files.createSymbolicLink(directory.resolve("0000000000000051.pending"), elsewhere);
        Start start = start();
        assertThat(start.ids()).containsExactly("1", "3", "4");
        assertThat(start.log())
                .hasSize(3)
                .allMatch(line -> line.contains("is no file of pending requests and is left alone"));
        assertThat(elsewhere).hasSize(SMALL);
        // New files get numbers above all of these, so nothing is in their way.
        JournalStore store = open();
        store.load(each -> true);
        put(store, "5", 10);
        store.close();
        assertThat(start().ids()).containsExactly("1", "3", "4", "5");
    }

    @Test
    void refusesAFileOfANewerVersionLoudly() throws Exception {
        Path file = twoFiles().get(0);
        ByteBuffer header = ByteBuffer.wrap(Files.readAllBytes(file));
        header.putInt(4, 3);
        CRC32C crc = new CRC32C();
        crc.update(header.array(), 0, 24);
        header.putInt(24, (int) crc.getValue());
        Files.write(file, header.array());
        assertThatThrownBy(this::start)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(file.getFileName().toString())
                .hasMessageContaining("newer version")
                .hasMessageContaining("start once with that version");
        assertThat(file).exists();
    }

    @Test
    void refusesAKindOfRecordThatItDoesNotKnowLoudly() throws Exception {
        Path file = twoFiles().get(0);
        LeftFile left = new LeftFile();
        left.read(file, LeftFile.layout(file));
        ByteBuffer octets = ByteBuffer.wrap(Files.readAllBytes(file));
        int place = left.place(0);
        octets.put(place + JournalLayout.FRAME_OCTETS + 16, (byte) 63);
        left.layout().frame(octets, place, 0, left.length(0), new CRC32C());
        Files.write(file, octets.array());
        assertThatThrownBy(this::start)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(file.getFileName().toString())
                .hasMessageContaining("a kind of request that only a newer version");
        assertThat(file).exists();
    }

    @Test
    void putsARecordAsideThatHoldsNoRequest() throws Exception {
        Path file = twoFiles().get(0);
        LeftFile left = new LeftFile();
        left.read(file, LeftFile.layout(file));
        ByteBuffer octets = ByteBuffer.wrap(Files.readAllBytes(file));
        int place = left.place(0);
        octets.put(place + JournalLayout.FRAME_OCTETS + left.length(0) - 2, (byte) '<');
        left.layout().frame(octets, place, 0, left.length(0), new CRC32C());
        Files.write(file, octets.array());
        assertKeptAside(file, "3", "4");
    }

    @Test
    void takesUpFilesOfTheVersionBefore() throws Exception {
        StoreFiles.writeOld(directory, List.of("a", "", "c", "d", "e"), 1000, SMALL, Duration.ofSeconds(60));
        assertThat(StoreFiles.in(directory)).hasSizeGreaterThan(1);
        JournalStore store = open();
        List<RestoredRequest> left = store.load(each -> true);
        assertThat(left).extracting(stored -> stored.request().id()).containsExactly("a", "c", "d", "e");
        PendingRequest answered =
                new PendingRequest(left.get(1).request(), left.get(1).request().fromJid(), 0, 0);
        answered.storedAs(left.get(1).record());
        store.answered(answered);
        store.flush(() -> {});
        store.close();
        assertThat(start().ids()).containsExactly("a", "d", "e");
    }

    @Test
    void movesRecordsOfTheVersionBefore() throws Exception {
        List<String> ids = new ArrayList<>(List.of("a"));
        for (int i = 0; i < 5; i++) {
            ids.add("");
        }
        StoreFiles.writeOld(directory, ids, 10, SMALL, Duration.ofSeconds(60));
        JournalStore store = open();
        store.load(each -> true);
        List<String> expected = new ArrayList<>(List.of("a"));
        for (int i = 0; i < 50; i++) {
            put(store, "more " + i, 100);
            expected.add("more " + i);
        }
        assertThat(StoreFiles.names(directory)).doesNotContain("0000000000000002.pending");
        store.close();
        assertThat(start().ids()).containsExactlyElementsOf(expected);
    }

    @Test
    void servesAShortOrLongFileOfTheVersionBefore() throws Exception {
        for (int payload : new int[] {10, JournalStore.SEGMENT_OCTETS}) {
            for (int change : new int[] {-1, 1}) {
                directory = Files.createDirectory(temporary.resolve(payload + " " + change));
                StoreFiles.writeOld(
                        directory, List.of("a"), payload, JournalStore.SEGMENT_OCTETS, Duration.ofSeconds(60));
                Path file = StoreFiles.in(directory).get(0);
                byte[] whole = Files.readAllBytes(file);
                assertThat(start().ids()).containsExactly("a");
                Files.write(file, Arrays.copyOf(whole, whole.length + change));
                assertKeptAside(file, "a");
            }
        }
    }

    @Test
    void keepsFilesForTheirOwnerOnly() throws Exception {
        Files.createDirectory(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        try (CapturedLog log = CapturedLog.ofUs(Level.WARN)) {
            twoFiles();
            assertThat(log.events()).anyMatch(line -> line.contains("chmod 700 " + directory));
        }
        for (Path file : StoreFiles.in(directory)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        }
        assertThat(start().ids()).containsExactly("1", "3", "4");
        for (Path file : StoreFiles.in(directory)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }
}
