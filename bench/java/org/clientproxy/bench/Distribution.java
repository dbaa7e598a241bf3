package org.clientproxy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.util.FileUtil;

/** The distribution that was built, unpacked, with the archive of classes that its users are told to make. */
final class Distribution implements AutoCloseable {
    private final Path directory;

    Distribution() throws Exception {
        directory = Files.createTempDirectory("client-proxy-bench");
        run(
                "tar",
                "xzf",
                only(Path.of("target"), "camel-client-proxy-*.tar.gz").toString(),
                "-C",
                directory.toString());
        run(script().toString(), "--archive");
    }

    /** What starts the proxy. */
    Path script() throws IOException {
        return only(directory, "camel-client-proxy-*").resolve("bin/client-proxy");
    }

    private static Path only(Path in, String glob) throws IOException {
        try (Stream<Path> files = Files.list(in)) {
            return files.filter(file ->
                            in.getFileSystem().getPathMatcher("glob:" + glob).matches(file.getFileName()))
                    .findFirst()
                    .orElseThrow()
                    .toAbsolutePath();
        }
    }

    private static void run(String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().putAll(Map.of("JAVA_HOME", System.getProperty("java.home"), "LOG_LEVEL", "WARN"));
        int code = builder.start().waitFor();
        if (code != 0) {
            throw new IllegalStateException(String.join(" ", command) + " ended with " + code);
        }
    }

    @Override
    public void close() {
        FileUtil.removeDir(directory.toFile());
    }
}
