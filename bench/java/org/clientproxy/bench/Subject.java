package org.clientproxy.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.util.FileUtil;

/** A program under load, in a process of its own, with the load that it is connected to. */
final class Subject implements AutoCloseable {
    /** The same for both programs, so that they can be compared. */
    static final List<String> JVM = List.of("-XX:+UseSerialGC", "-Xms256m", "-Xmx768m", "-Xlog:disable");

    /** What {@code bin/client-proxy} gives to the JVM. */
    static final List<String> SHIPPED =
            List.of("-XX:+UseSerialGC", "-Xms16m", "-Xmx512m", "-XX:+ExitOnOutOfMemoryError");

    final String name;
    final Load load;
    final Duration startToReady;
    private final Process process;
    private final Path directory;

    private Subject(String name, Load load, List<String> command, Map<String, String> environment) throws Exception {
        this.name = name;
        this.load = load;
        this.directory = Files.createTempDirectory("client-proxy-bench");
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile());
        long start = System.nanoTime();
        this.process = builder.start();
        try {
            load.awaitReady();
        } catch (IllegalStateException e) {
            process.destroyForcibly();
            throw new IllegalStateException(
                    name + ": " + e.getMessage() + "\n" + Files.readString(directory.resolve("log")), e);
        }
        this.startToReady = Duration.ofNanos(System.nanoTime() - start);
    }

    /** The limit program. */
    static Subject limit(int resources) throws Exception {
        Load load = new Load(resources);
        List<String> command = new ArrayList<>(List.of(java()));
        command.addAll(JVM);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Limit.class.getName(), "" + load.port()));
        return new Subject("limit", load, command, Map.of("LOG_LEVEL", "WARN"));
    }

    /** The proxy, as it ships. */
    static Subject proxy(int resources, List<String> jvm, Map<String, String> more) throws Exception {
        return proxy(Path.of("target/camel-client-proxy.jar"), resources, jvm, more);
    }

    /** A proxy, as it ships in that jar with the {@code lib} directory beside it. */
    static Subject proxy(Path jar, int resources, List<String> jvm, Map<String, String> more) throws Exception {
        Load load = new Load(resources);
        List<String> command = new ArrayList<>(List.of(java()));
        command.addAll(jvm);
        command.addAll(List.of("-jar", jar.toAbsolutePath().toString()));
        Map<String, String> environment = new java.util.HashMap<>(Map.of(
                "XMPP_HOST", "127.0.0.1",
                "XMPP_PORT", "" + load.port(),
                "XMPP_SECRET", "secret",
                "PROXY_DOMAIN", Load.DOMAIN,
                "PROXY_TARGET", Load.TARGET,
                "PROXY_MAX_PENDING", "1000000",
                "PROXY_MAX_PENDING_PER_REQUESTER", "1000000",
                "LOG_LEVEL", "WARN"));
        environment.putAll(more);
        return new Subject("proxy", load, command, environment);
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** The CPU time that the process has used. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /** Resident memory in MB: now (VmRSS), or the most that it was (VmHWM). */
    long residentMegabytes(String which) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (line.startsWith(which + ":")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
            }
        }
        throw new IllegalStateException("no " + which);
    }

    /** Octets of live objects, after a full collection. */
    long liveHeap() throws Exception {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        "" + process.pid(),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String text = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher total = Pattern.compile("Total\\s+\\d+\\s+(\\d+)").matcher(text);
        if (!total.find()) {
            throw new IllegalStateException("jcmd said: " + text);
        }
        return Long.parseLong(total.group(1));
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        FileUtil.removeDir(directory.toFile());
        load.close();
    }
}
