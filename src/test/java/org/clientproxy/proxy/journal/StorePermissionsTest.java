package org.clientproxy.proxy.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.util.FileUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the system refuses: in a process of its own, since root, as whom tests may run, is refused nothing. */
class StorePermissionsTest {
    private static final String NOBODY = "65534";

    private Path base;

    @BeforeEach
    void make() throws Exception {
        base = Files.createTempDirectory("client-proxy-store");
        mode(base, "rwxrwxrwx");
    }

    @AfterEach
    void remove() throws Exception {
        try (Stream<Path> all = Files.walk(base)) {
            for (Path each : all.filter(Files::isDirectory).toList()) {
                mode(each, "rwxrwxrwx");
            }
        }
        FileUtil.removeDir(base.toFile());
    }

    private static void mode(Path path, String mode) throws Exception {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    /** A directory with one request, all of it the other user's. */
    private Path store(String name) throws Exception {
        Path directory = base.resolve(name);
        StoreFiles.write(directory, 1, i -> "r" + i, 10, Duration.ofSeconds(60));
        if (isRoot()) {
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path each : all.toList()) {
                    Files.setAttribute(each, "unix:uid", Integer.valueOf(NOBODY));
                }
            }
        }
        return directory;
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    /** What came of each directory, without the octets of the file system that a process may write at most. */
    private List<String> start(String before, Path... directories) throws Exception {
        // Its class path may be where the other user may not look.
        Path classes = Files.createDirectories(base.resolve("classes"));
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"));
        }
        String path = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry ->
                        entry.matches(".*(test|classes)/?|.*/(slf4j|logback|jspecify|netty|woodstox|stax2|camel)[^/]*"))
                .map(entry -> copied(Path.of(entry), classes))
                .collect(Collectors.joining(File.pathSeparator));
        command.addAll(List.of("sh", "-c", before + "exec \"$@\"", "sh"));
        command.addAll(
                List.of(System.getProperty("java.home") + "/bin/java", "-cp", path, StoreDirectories.class.getName()));
        Arrays.stream(directories).forEach(directory -> command.add("" + directory));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(process.waitFor()).as("%s", lines).isZero();
        return lines.stream().filter(line -> line.startsWith("" + base)).toList();
    }

    private static String copied(Path entry, Path to) {
        Path target = to.resolve(to.toFile().list().length + "-" + entry.getFileName());
        try (Stream<Path> all = Files.walk(entry)) {
            for (Path each : all.toList()) {
                Files.copy(each, target.resolve(entry.relativize(each).toString()));
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return "" + target;
    }

    @Test
    void startsOrSaysInOneSentenceWhyNot() throws Exception {
        Path fine = store("fine");
        Path unreadable = store("unreadable");
        mode(StoreFiles.in(unreadable).get(0), "---------");
        Path unwritableFile = store("unwritable-file");
        mode(StoreFiles.in(unwritableFile).get(0), "r--------");
        Path unwritable = store("unwritable");
        mode(unwritable, "r-xr-xr-x");
        Path closed = store("closed");
        mode(closed, "---------");
        List<String> lines = start("", fine, unreadable, unwritableFile, unwritable, closed);
        assertThat(lines).hasSize(5);
        assertThat(lines.get(0)).isEqualTo(fine + ": started with 1");
        assertThat(lines.get(1))
                .startsWith(unreadable + ": the pending requests in")
                .contains(".pending")
                .contains("give the files to the user that runs this program");
        assertThat(lines.get(2)).contains("AccessDenied").contains("give the files to the user");
        assertThat(lines.get(3)).contains("nothing can be written there").contains("proxy.data-dir");
        assertThat(lines.get(4)).contains("pending requests cannot be kept in").contains("proxy.data-dir");
    }

    @Test
    void startsOnAFullDisk() throws Exception {
        Path whole = store("whole");
        Path old = base.resolve("old");
        StoreFiles.writeOld(old, List.of("a", "b"), 10, 4 << 20, Duration.ofSeconds(60));
        mode(old, "rwxrwxrwx");
        mode(StoreFiles.in(old).get(0), "rw-rw-rw-");
        Path damaged = store("damaged");
        Path file = StoreFiles.in(damaged).get(0);
        byte[] octets = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(octets, octets.length - 1));
        // No file may become larger than 64 KiB: it stands for a disk on which there is no room for one.
        List<String> lines = start("ulimit -f 128; ", whole, old, damaged);
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).isEqualTo(whole + ": started with 1");
        assertThat(lines.get(1)).isEqualTo(old + ": started with 2");
        assertThat(lines.get(2)).contains("cannot be taken up").contains("the disk is not full");
        assertThat(file).exists();
    }
}
