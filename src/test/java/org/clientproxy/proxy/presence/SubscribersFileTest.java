package org.clientproxy.proxy.presence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import org.clientproxy.stream.SimulatedLoop;
import org.clientproxy.xmpp.Jid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The file of subscribers: what becomes of it, whatever an end of the process or a hand has left there. */
class SubscribersFileTest {
    private static final long TODAY = LocalDate.parse("2026-11-27").toEpochDay();

    @TempDir
    Path dir;

    private Path path;
    private final SimulatedLoop loop = new SimulatedLoop();
    private final Subscribers subscribers = new Subscribers();

    @BeforeEach
    void name() {
        path = dir.resolve("proxy.subscribers");
    }

    private SubscribersFile open(int most, Executor writer) {
        SubscribersFile file = new SubscribersFile(path, loop, writer, subscribers);
        file.load(new SubscriberLines(TODAY, most), TODAY - 365);
        return file;
    }

    private List<String> loaded(String text) throws IOException {
        return loaded(text.getBytes(StandardCharsets.UTF_8), 100);
    }

    private List<String> loaded(byte[] octets, int most) throws IOException {
        Files.write(path, octets);
        open(most, Runnable::run);
        return subscribers.all().stream().map(each -> each.jid().toString()).toList();
    }

    private Subscriber come(SubscribersFile file, String account) {
        Subscriber added = new Subscriber(Jid.parse(account), TODAY);
        subscribers.add(added);
        file.came(added);
        loop.runDue();
        return added;
    }

    @Test
    void theLastLineOfAnAccountCountsAndDecidesItsPlace() throws IOException {
        assertThat(loaded(
                        "+a@x.example 2026-01-01\n+b@x.example\n-b@x.example\n+c@x.example\n+a@x.example 2026-02-01\n"))
                .containsExactly("c@x.example", "a@x.example");
        assertThat(Files.readAllLines(path)).containsExactly("+c@x.example 2026-11-27", "+a@x.example 2026-02-01");
    }

    @Test
    void aLineThatWasCutOffIsNotTaken() throws IOException {
        assertThat(loaded("+a@x.example 2026-01-01\n+alexander@x.examp")).containsExactly("a@x.example");
        come(new SubscribersFile(path, loop, Runnable::run, subscribers), "b@x.example");
        assertThat(Files.readAllLines(path)).containsExactly("+a@x.example 2026-01-01", "+b@x.example 2026-11-27");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a@x.example", "+", "-", "+@x", "+a@x.example/home", "* a@x.example", "\0\0\0\0", "+a@\uFFFDx"})
    void aDamagedLineHarmsNoOther(String line) throws IOException {
        assertThat(loaded("+b@x.example 2026-01-01\n" + line + "\n+c@x.example 2026-01-01\n"))
                .containsExactly("b@x.example", "c@x.example");
    }

    @Test
    void octetsWithoutALineAreNoAddressAndTakeNoMemory() throws IOException {
        byte[] octets = new byte[1 << 20];
        java.util.Arrays.fill(octets, (byte) 'a');
        octets[0] = '+';
        octets[octets.length - 1] = '\n';
        assertThat(loaded(octets, 10)).isEmpty();
    }

    @Test
    void aDayThatIsNoneIsToday() throws IOException {
        assertThat(loaded("+a@x.example yesterday\n+b@x.example 9999-01-01\n")).hasSize(2);
        assertThat(Files.readAllLines(path)).containsExactly("+a@x.example 2026-11-27", "+b@x.example 2026-11-27");
    }

    @Test
    void whoShowedNoSignOfLifeForAYearIsLeftOut() throws IOException {
        assertThat(loaded("+a@x.example 2025-11-26\n+b@x.example 2025-11-28\n")).containsExactly("b@x.example");
    }

    @Test
    void whereThereIsRoomForFewerTheLastOnesStay() throws IOException {
        assertThat(loaded("+a@x.example\n+b@x.example\n+c@x.example\n".getBytes(StandardCharsets.UTF_8), 2))
                .containsExactly("b@x.example", "c@x.example");
    }

    @Test
    void itIsForItsOwnerOnlyAlsoWhenSomebodyRemovesIt() throws IOException {
        SubscribersFile file = open(10, Runnable::run);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
        Files.delete(path);
        come(file, "a@x.example");
        assertThat(Files.readAllLines(path)).containsExactly("+a@x.example 2026-11-27");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
    }

    @Test
    void whereItCannotBeWrittenAllGoesOnInMemory() throws IOException {
        Files.writeString(dir.resolve("file"), "");
        path = dir.resolve("file/proxy.subscribers");
        SubscribersFile file = open(10, Runnable::run);
        come(file, "a@x.example");
        assertThat(subscribers.size()).isEqualTo(1);
    }

    @Test
    void whatIsOvertakenIsThrownOut() throws IOException {
        SubscribersFile file = open(10, Runnable::run);
        come(file, "stays@x.example");
        for (int i = 0; i < SubscribersFile.SURPLUS; i++) {
            Subscriber gone = come(file, "a@x.example");
            subscribers.remove(gone);
            file.went(gone);
            loop.runDue();
        }
        assertThat(Files.readAllLines(path)).hasSizeLessThanOrEqualTo(SubscribersFile.SURPLUS + 10);
        assertThat(loaded(Files.readAllBytes(path), 10)).contains("stays@x.example");
    }

    @Test
    void aDiskThatHangsCostsABoundedNumberOfLines() throws IOException {
        Deque<Runnable> disk = new ArrayDeque<>();
        SubscribersFile file = open(100_000, disk::add);
        for (int i = 0; i < 2 * SubscribersFile.MOST_WAITING + 5; i++) {
            come(file, "u" + i + "@x.example");
        }
        assertThat(disk).as("one task at a time").hasSize(1);
        while (!disk.isEmpty()) {
            disk.remove().run();
            loop.runDue();
        }
        assertThat(Files.readAllLines(path))
                .hasSize(2 * SubscribersFile.MOST_WAITING + 5)
                .doesNotHaveDuplicates();
    }
}
