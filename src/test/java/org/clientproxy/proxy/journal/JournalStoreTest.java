package org.clientproxy.proxy.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.clientproxy.proxy.ProxyFixture.A;
import static org.clientproxy.proxy.ProxyFixture.ALICE;
import static org.clientproxy.proxy.ProxyFixture.B;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.clientproxy.proxy.pending.PendingRequest;
import org.clientproxy.proxy.pending.ProxyErrors;
import org.clientproxy.proxy.pending.RestoredRequest;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.stream.SimulatedLoop;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaErrorException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of pending requests: what comes back out of them, whole or damaged, and how many they are. */
class JournalStoreTest {
    private static final int SMALL = 4096;
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path temporary;

    private Path directory;
    private final SimulatedLoop loop = new SimulatedLoop();
    private final List<JournalStore> opened = new ArrayList<>();
    private JournalStore store;

    @BeforeEach
    void open() {
        directory = temporary.resolve("some/proxy.pending");
        store = open(directory);
    }

    @AfterEach
    void close() {
        opened.forEach(JournalStore::close);
    }

    private JournalStore open(Path at) {
        JournalStore fresh = JournalStore.open(at, loop, () -> NOW, SMALL);
        opened.add(fresh);
        return fresh;
    }

    private PendingRequest request(String id, int payload) {
        Stanza stanza = StanzaXml.parse("<iq type='get' id='" + id + "' from='" + ALICE
                + "' to='node@proxy.example/Ü'><q xmlns='urn:q'>" + "x".repeat(payload) + "</q></iq>");
        PendingRequest pending = new PendingRequest(
                stanza,
                stanza.fromJid(),
                loop.nanoTime(),
                loop.nanoTime() + Duration.ofSeconds(60).toNanos());
        pending.attempt(new PooledResource(Jid.parse(A)), "key of " + id, loop.nanoTime());
        return pending;
    }

    private PendingRequest put(String id, int payload) {
        PendingRequest pending = request(id, payload);
        store.put(pending);
        store.flush(() -> {});
        return pending;
    }

    private void settle(PendingRequest pending) {
        store.answered(pending);
        store.flush(() -> {});
    }

    /** What the next process finds when this one is killed now. */
    private List<RestoredRequest> left() throws IOException {
        Path copy = Files.createDirectory(temporary.resolve("copy" + opened.size()));
        for (Path file : files()) {
            Files.copy(file, copy.resolve(file.getFileName()));
        }
        store = open(copy);
        directory = copy;
        return store.load(each -> true);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".pending"))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> ids(List<RestoredRequest> left) {
        return left.stream().map(stored -> stored.request().id()).toList();
    }

    @Test
    void givesBackWhatWasPut() throws Exception {
        PendingRequest pending = put("1", 10);
        put("2", 0);
        List<RestoredRequest> left = left();
        assertThat(ids(left)).containsExactly("1", "2");
        RestoredRequest first = left.get(0);
        assertThat(first.key()).isEqualTo("key of 1");
        assertThat(first.waiting()).isFalse();
        assertThat(first.tried()).containsExactly(Jid.parse(A));
        assertThat(first.deadlineMillis()).isEqualTo(NOW.plusSeconds(60).toEpochMilli());
        assertThat(first.request().toBytes()).isEqualTo(pending.request().toBytes());
        assertThat(first.request().content()).isEqualTo(pending.request().content());
        assertThat(first.request().children()).isEqualTo(1);
    }

    @Test
    void forgetsWhatIsSettledAndWhatAnotherAttemptReplaced() throws Exception {
        PendingRequest answered = put("1", 10);
        PendingRequest retried = put("2", 10);
        settle(answered);
        retried.attempt(new PooledResource(Jid.parse(B)), "second key", loop.nanoTime());
        store.put(retried);
        store.flush(() -> {});
        List<RestoredRequest> left = left();
        assertThat(ids(left)).containsExactly("2");
        assertThat(left.get(0).key()).isEqualTo("second key");
        assertThat(left.get(0).tried()).containsExactly(Jid.parse(A), Jid.parse(B));
        assertThat(left()).hasSize(1);
    }

    @Test
    void keepsWhatIsAnsweredUntilTheAnswerIsWritten() throws Exception {
        PendingRequest pending = put("1", 10);
        store.answered(pending);
        store.answered(pending);
        assertThat(left()).hasSize(1);
    }

    @Test
    void goesOnAfterSeveralCrashes() throws Exception {
        put("1", 10);
        RestoredRequest first = left().get(0);
        put("2", 10);
        put("3", 2 * SMALL);
        PendingRequest resumed =
                new PendingRequest(first.request(), first.request().fromJid(), loop.nanoTime(), loop.nanoTime());
        resumed.storedAs(first.record());
        settle(resumed);
        assertThat(ids(left())).containsExactly("2", "3");
        assertThat(ids(left())).containsExactly("2", "3");
    }

    @Test
    void movesWhatAnEarlierProcessLeftAmongSettledOnes() throws Exception {
        settle(put("1", 10));
        put("2", 10);
        put("3", 10);
        RestoredRequest second = left().get(0);
        PendingRequest resumed =
                new PendingRequest(second.request(), second.request().fromJid(), loop.nanoTime(), loop.nanoTime());
        resumed.storedAs(second.record());
        settle(resumed);
        List<String> expected = new ArrayList<>(List.of("3"));
        // So many files that the one with the fewest records, which is the first, has them moved.
        for (int i = 0; i < 100; i++) {
            put("more " + i, 100);
            expected.add("more " + i);
        }
        assertThat(files()).hasSizeGreaterThan(5);
        assertThat(ids(left())).containsExactlyElementsOf(expected);
    }

    @Test
    void takesTheLaterOfTwoRecordsOfOneRequest() throws Exception {
        PendingRequest pending = put("1", 10);
        pending.attempt(new PooledResource(Jid.parse(B)), "second key", loop.nanoTime());
        store.put(pending);
        store.flush(() -> {});
        // The process ended before the first record was marked.
        write(files().get(0), JournalLayout.HEADER_OCTETS, unsettledState(0, 0));
        List<RestoredRequest> left = left();
        assertThat(left).hasSize(1);
        assertThat(left.get(0).key()).isEqualTo("second key");
    }

    @Test
    void readsWhatIsWholeWhereverTheLastRecordIsTorn() throws Exception {
        put("1", 10);
        int begin = ((Place) put("2", 10).stored()).offset;
        int length = ((Place) put("3", 0).stored()).offset - begin;
        Path file = files().get(0);
        byte[] whole = Files.readAllBytes(file);
        for (int written = 0; written <= length; written++) {
            byte[] torn = new byte[whole.length];
            System.arraycopy(whole, 0, torn, 0, begin + written);
            Path copy = Files.createDirectory(temporary.resolve("torn" + written));
            Files.write(copy.resolve(file.getFileName()), torn);
            JournalStore next = open(copy);
            List<RestoredRequest> left = next.load(each -> true);
            assertThat(ids(left)).isEqualTo(written == length ? List.of("1", "2") : List.of("1"));
            next.put(request("4", 10));
            next.flush(() -> {});
            next.close();
            JournalStore afterwards = open(copy);
            assertThat(ids(afterwards.load(each -> true))).endsWith("4").hasSize(written == length ? 3 : 2);
            afterwards.close();
        }
    }

    @Test
    void removesAFileWhoseMakingWasCutShort() throws Exception {
        Files.write(directory.resolve("0000000000000007.new"), new byte[0]);
        Files.write(directory.resolve("0000000000000008.new"), new byte[100]);
        Files.write(directory.resolve("0000000000000009.free"), new byte[100]);
        assertThat(store.load(each -> true)).isEmpty();
        try (Stream<Path> all = Files.list(directory)) {
            assertThat(all).extracting(file -> "" + file.getFileName()).containsExactly("lock");
        }
    }

    @Test
    void belongsToOneProcess() {
        assertThatThrownBy(() -> open(directory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("" + directory)
                .hasMessageContaining("proxy.data-dir");
        store.close();
        assertThat(open(directory).load(each -> true)).isEmpty();
    }

    @Test
    void canBeReadByItsOwnerOnly() throws Exception {
        assertThat(Files.getPosixFilePermissions(directory)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void saysWhereItCannotBe() throws Exception {
        Path file = Files.writeString(temporary.resolve("file"), "");
        assertThatThrownBy(() -> open(file.resolve("proxy.pending")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("" + file)
                .hasMessageContaining("proxy.pending=memory");
    }

    @Test
    void usesItsFilesAgain() throws Exception {
        for (int i = 0; i < 1000; i++) {
            settle(put("" + i, 100));
        }
        assertThat(files()).hasSizeLessThanOrEqualTo(3);
        put("last", 100);
        assertThat(ids(left())).containsExactly("last");
    }

    @Test
    void staysSmallWhenSomeRequestsTakeVeryLong() throws Exception {
        Deque<PendingRequest> slow = new ArrayDeque<>();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            PendingRequest pending = put("" + i, 100);
            if (i % 50 == 0) {
                slow.add(pending);
                expected.add("" + i);
            } else {
                settle(pending);
            }
            if (slow.size() > 20) {
                settle(slow.remove());
                expected.remove(0);
            }
            // 20 slow ones are some 7 KB, so two files of 4 KB, and as many again, and what may be spare.
            assertThat(files()).hasSizeLessThanOrEqualTo(9);
        }
        assertThat(ids(left())).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void leavesNoFilesWhereNothingIsPending() throws Exception {
        List<PendingRequest> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(put("" + i, 100));
        }
        assertThat(files()).hasSizeGreaterThan(5);
        all.forEach(this::settle);
        store.close();
        assertThat(files()).isEmpty();
    }

    private static byte[] unsettledState(long file, int index) {
        int state = new JournalLayout(JournalLayout.VERSION, file, SMALL).state(index, false);
        return ByteBuffer.allocate(Integer.BYTES).putInt(state).array();
    }

    @Test
    void writesLaterWhatItCouldNotWriteAtOnce() throws Exception {
        PendingRequest before = put("1", 10);
        store.put(request("2", 10));
        store.answered(before);
        // What is written on an interrupted thread fails.
        Thread.currentThread().interrupt();
        store.flush(() -> {});
        assertThat(Thread.interrupted()).isTrue();
        assertThatThrownBy(() -> put("3", 10)).isInstanceOf(StanzaErrorException.class);
        loop.advance(Duration.ofSeconds(1));
        put("4", 10);
        assertThat(ids(left())).containsExactly("2", "4");
    }

    @Test
    void refusesWhatItCannotRecordAndTriesAgain() throws Exception {
        PendingRequest before = put("1", 10);
        // Stands for a full disk: no file can be made where the directory was.
        Path elsewhere = Files.move(directory, temporary.resolve("elsewhere"));
        assertThatThrownBy(() -> put("2", SMALL))
                .isInstanceOf(StanzaErrorException.class)
                .satisfies(e -> assertThat(((StanzaErrorException) e).error()).isEqualTo(ProxyErrors.NOT_STORED));
        Files.move(elsewhere, directory);
        assertThatThrownBy(() -> put("3", 10)).isInstanceOf(StanzaErrorException.class);
        loop.advance(Duration.ofSeconds(1));
        put("4", SMALL);
        settle(before);
        assertThat(ids(left())).containsExactly("4");
    }

    private static void write(Path file, long at, byte[] octets) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(octets), at);
        }
    }
}
