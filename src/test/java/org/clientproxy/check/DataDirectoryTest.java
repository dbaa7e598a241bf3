package org.clientproxy.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.zip.CRC32C;
import org.clientproxy.proxy.SettingsBuilder;
import org.clientproxy.proxy.journal.StoreFiles;
import org.clientproxy.proxy.settings.PendingKind;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.RequestKeys;
import org.clientproxy.xmpp.Jid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of the directory of keys and of pending requests, and that it stays as it is. */
class DataDirectoryTest {
    private static final String KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    @TempDir
    Path base;

    private static ProxySettings settings(Path directory) {
        return new SettingsBuilder(
                        ProxySettings.of("proxy", Jid.parse("proxy.localhost"), Jid.parse("worker@localhost")))
                .with(RequestKeys.DATA_DIR, directory)
                .maxPendingSize(1 << 20)
                .build();
    }

    private static List<Finding> check(Path directory) {
        return new DataDirectory(settings(directory)).check();
    }

    private static Finding only(List<Finding> findings) {
        assertThat(findings).hasSize(1);
        return findings.get(0);
    }

    private Path pending() throws Exception {
        Path pending = base.resolve("proxy.pending");
        StoreFiles.write(pending, 1, i -> "r" + i, 10, Duration.ofSeconds(60));
        return pending;
    }

    @Test
    void oneThatIsNotThereYetIsNotMade() {
        Path directory = base.resolve("not/there");
        Finding found = only(check(directory));
        assertThat(found.level()).isEqualTo(Level.OK);
        assertThat(found.text()).startsWith(directory + ", which will be made; free: ");
        assertThat(base).isEmptyDirectory();
    }

    @Test
    void oneWithRequestsOfAnEarlierRunIsWell() throws Exception {
        Path pending = pending();
        List<String> before = StoreFiles.names(pending);
        assertThat(only(check(base)).level()).isEqualTo(Level.OK);
        assertThat(StoreFiles.names(pending)).isEqualTo(before);
    }

    @Test
    void aFileInItsPlaceIsWrong() throws Exception {
        Path file = Files.createFile(base.resolve("file"));
        Finding found = only(check(file));
        assertThat(found.level()).isEqualTo(Level.WRONG);
        assertThat(found.text()).contains("is no directory", "proxy.data-dir");
        assertThat(only(check(file.resolve("below"))).text()).contains(file + " is no directory");
        // Without a directory for it, pending=memory still runs.
        ProxySettings memory = settings(file).with(RequestKeys.PENDING, PendingKind.MEMORY);
        assertThat(only(new DataDirectory(memory).check()).level()).isEqualTo(Level.WARNING);
    }

    @Test
    void oneThatThisUserMayNotWriteIntoIsWrong() throws Exception {
        Path closed = Files.createDirectory(base.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
        assumeFalse(Files.isWritable(closed), "this user may do everything");
        assertThat(only(check(closed)).text()).contains("this user may not write into it");
        assertThat(only(check(closed.resolve("data"))).text()).contains("this user may not write into " + closed);
    }

    @Test
    void filesThatOnlyANewerVersionKnowsAreWrong() throws Exception {
        Path pending = Files.createDirectories(base.resolve("proxy.pending"));
        Files.setPosixFilePermissions(pending, PosixFilePermissions.fromString("rwx------"));
        ByteBuffer header = ByteBuffer.allocate(28).putInt(0x43435052).putInt(3).putLong(1).putInt(28);
        CRC32C crc = new CRC32C();
        crc.update(header.array(), 0, 24);
        Path file = Files.write(
                pending.resolve("0000000000000001.pending"),
                header.putInt(24, (int) crc.getValue()).array());
        Finding found = only(check(base));
        assertThat(found.level()).isEqualTo(Level.WRONG);
        assertThat(found.text()).contains(file.getFileName() + " was written by a newer version", "move the file away");
    }

    @Test
    void damagedFilesAreAWarning() throws Exception {
        Path pending = pending();
        Files.writeString(pending.resolve("0000000000000009.pending"), "nothing of the kind, and long enough for it");
        Finding found = only(check(base));
        assertThat(found.level()).isEqualTo(Level.WARNING);
        assertThat(found.text()).contains("0000000000000009.pending", "sets it aside");
        assertThat(pending.resolve("0000000000000009.pending")).exists();
    }

    @Test
    void whatOthersMayReadIsAWarning() throws Exception {
        Path pending = pending();
        Files.setPosixFilePermissions(pending, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path key = Files.writeString(base.resolve("proxy.jat-key"), KEY + "\n");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(check(base))
                .extracting(Finding::level)
                .containsExactly(Level.WARNING, Level.WARNING);
        assertThat(check(base).get(0).text()).contains("chmod 700 " + pending);
        assertThat(check(base).get(1).text()).contains(key + " can be read by others");
    }

    @Test
    void aKeyThatIsNoneIsWrongAndIsNotShown() throws Exception {
        Path key = Files.writeString(base.resolve("proxy.jat-key"), "0therS3cret");
        Finding found = only(check(base));
        assertThat(found.level()).isEqualTo(Level.WRONG);
        assertThat(found.text()).startsWith(key + " holds no key").doesNotContain("0therS3cret");
    }

    @Test
    void tooLittleRoomIsSaid() {
        ProxySettings large = settings(base).with(RequestKeys.MAX_PENDING_SIZE, 1L << 60);
        Finding found = only(new DataDirectory(large).check());
        assertThat(found.level()).isEqualTo(Level.WARNING);
        assertThat(found.text()).contains("MiB are free for " + base, "requests are refused");
    }

    @Test
    void requestsThatMemoryWouldForgetAreAWarning() throws Exception {
        pending();
        ProxySettings memory = settings(base).with(RequestKeys.PENDING, PendingKind.MEMORY);
        assertThat(only(new DataDirectory(memory).check()).text()).contains("start once with proxy.pending=file");
    }
}
