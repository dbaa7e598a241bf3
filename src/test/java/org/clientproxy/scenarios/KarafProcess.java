package org.clientproxy.scenarios;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A Karaf of its own in a directory, operated through its console and its files, without network. */
final class KarafProcess implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final Path home;
    private final Process process;

    private KarafProcess(Path home, Process process) {
        this.home = home;
        this.process = process;
    }

    /** Copies the distribution to a directory, so that nothing is left of earlier runs, and starts it there. */
    static KarafProcess start(Path distribution, Path home, Map<String, String> environment) throws Exception {
        copy(distribution, home);
        Path features = home.resolve("etc/org.apache.karaf.features.cfg");
        // No ports: neither the shell by network nor JMX.
        edit(features, "(?m)^ *(ssh|management)/.*\\R", "");
        Path maven = home.resolve("etc/org.ops4j.pax.url.mvn.cfg");
        edit(maven, "(?ms)^org.ops4j.pax.url.mvn.repositories=.*?[^\\\\]$", "org.ops4j.pax.url.mvn.repositories=");
        Files.writeString(
                maven,
                Files.readString(maven) + "\norg.ops4j.pax.url.mvn.localRepository=" + home.resolve("none") + "\n");
        ProcessBuilder builder = new ProcessBuilder(home.resolve("bin/karaf").toString());
        builder.environment().keySet().removeIf(name -> name.startsWith("KARAF"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("KARAF_EXEC", "exec");
        builder.environment().put("TERM", "dumb");
        builder.environment().putAll(environment);
        KarafProcess karaf = new KarafProcess(
                home,
                builder.directory(home.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(home.resolve("console").toFile())
                        .start());
        karaf.awaitConsole("karaf@root");
        return karaf;
    }

    /** The tree below a directory, with the permissions of its files. */
    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path copy = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    static void edit(Path file, String pattern, String replacement) throws IOException {
        Files.writeString(
                file, Pattern.compile(pattern).matcher(Files.readString(file)).replaceAll(replacement));
    }

    Path home() {
        return home;
    }

    /** Types a command and waits until it has ended; what it printed. */
    String type(String command) throws Exception {
        String end = "end-of-" + System.nanoTime();
        int before = console().length();
        // The quotes keep the typed line, which the console may echo, apart from what it prints.
        process.getOutputStream()
                .write((command + "\necho \"" + end.charAt(0) + "\"\"" + end.substring(1) + "\"\n")
                        .getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        Awaitility.await(command).atMost(LIMIT).until(() -> console().contains(end));
        String printed = console().substring(before);
        if (printed.contains("Error executing command")) {
            throw new AssertionError(printed);
        }
        return printed;
    }

    void awaitConsole(String text) {
        Awaitility.await(text).atMost(LIMIT).until(() -> console().contains(text));
    }

    String console() throws IOException {
        return Files.readString(home.resolve("console"), StandardCharsets.UTF_8);
    }

    String log() throws IOException {
        return Files.readString(home.resolve("data/log/karaf.log"), StandardCharsets.UTF_8);
    }

    /** What the log says of the proxies, without the lines of others. */
    List<String> logOfProxies() throws IOException {
        return log().lines().filter(line -> line.contains("clientproxy")).toList();
    }

    /** Waits for a text in the log behind a place in it. */
    void awaitLog(int from, String text) {
        Awaitility.await(text).atMost(Duration.ofSeconds(40)).until(() -> log().substring(from)
                .contains(text));
    }

    /** Ends it as a service manager does. */
    int terminate() throws Exception {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("Karaf does not end");
        }
        return process.exitValue();
    }

    /** Its log stays in {@code target/karaf}. */
    @Override
    public void close() throws Exception {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        Files.copy(
                home.resolve("data/log/karaf.log"),
                Path.of("target/karaf/karaf.log"),
                StandardCopyOption.REPLACE_EXISTING);
    }
}
