package org.clientproxy.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
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

    private static final Path SHIPPED_JAR = Path.of("target/camel-client-proxy.jar");

    final String name;
    final List<Load> loads;
    /** The first, which is the only one of most. */
    final Load load;

    final Duration startToReady;
    private final Process process;
    private final Path directory;

    private Subject(String name, List<Load> loads, List<String> command, Map<String, String> environment)
            throws Exception {
        this.name = name;
        this.loads = loads;
        this.load = loads.get(0);
        this.directory = Files.createTempDirectory("client-proxy-bench");
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile());
        long start = System.nanoTime();
        this.process = builder.start();
        try {
            for (Load each : loads) {
                each.awaitReady();
            }
        } catch (IllegalStateException e) {
            process.destroyForcibly();
            throw new IllegalStateException(
                    name + ": " + e.getMessage() + "\n" + Files.readString(directory.resolve("log")), e);
        }
        this.startToReady = Duration.ofNanos(System.nanoTime() - start);
    }

    /** The limit program on our own stream. */
    static Subject limit(int resources) throws Exception {
        return program(Limit.class, resources);
    }

    /** The limit program on Netty alone. */
    static Subject raw(int resources) throws Exception {
        return program(RawLimit.class, resources);
    }

    private static Subject program(Class<?> main, int resources) throws Exception {
        Load load = new Load(resources);
        List<String> command = new ArrayList<>(List.of(java()));
        command.addAll(JVM);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName(), "" + load.port()));
        return new Subject(main.getSimpleName(), List.of(load), command, Map.of("LOG_LEVEL", "WARN"));
    }

    /** The proxy, as it ships. */
    static Subject proxy(int resources, List<String> jvm, Map<String, String> more) throws Exception {
        return proxy(SHIPPED_JAR, resources, jvm, more);
    }

    /** A proxy, as it ships in that jar with the {@code lib} directory beside it. */
    static Subject proxy(Path jar, int resources, List<String> jvm, Map<String, String> more) throws Exception {
        return proxy(jar, List.of(new Load(resources)), jvm, more);
    }

    /** The proxy, as it ships, under that load. */
    static Subject proxy(Load load) throws Exception {
        return proxies(List.of(load));
    }

    /** The proxy, as it ships, with as many proxies in its process as there are loads. */
    static Subject proxies(List<Load> loads) throws Exception {
        return proxy(SHIPPED_JAR, loads, JVM, Map.of());
    }

    private static Subject proxy(Path jar, List<Load> loads, List<String> jvm, Map<String, String> more)
            throws Exception {
        List<String> command = new ArrayList<>(List.of(java()));
        command.addAll(jvm);
        command.addAll(List.of("-jar", jar.toAbsolutePath().toString()));
        return proxy(command, loads, more);
    }

    /** The proxy as its users start it, by the script of an unpacked distribution. */
    static Subject shipped(Distribution distribution, int resources) throws Exception {
        // Neither the folder nor the settings of the distribution, but those of each start.
        Map<String, String> environment =
                Map.of("CLIENT_PROXY_HOME", ".", "JAVA_HOME", System.getProperty("java.home"));
        return proxy(List.of(distribution.script().toString()), List.of(new Load(resources)), environment);
    }

    private static Subject proxy(List<String> command, List<Load> loads, Map<String, String> more) throws Exception {
        Map<String, String> environment = new HashMap<>(Map.of(
                "XMPP_HOST", "127.0.0.1",
                "XMPP_PORT", "" + loads.get(0).port(),
                "XMPP_SECRET", "secret",
                "PROXY_DOMAIN", Load.DOMAIN,
                "PROXY_TARGET", Load.TARGET,
                "PROXY_MAX_PENDING", "1000000",
                "PROXY_MAX_PENDING_PER_REQUESTER", "1000000",
                "LOG_LEVEL", "WARN"));
        if (loads.size() > 1) {
            List<String> names = new ArrayList<>();
            for (int i = 0; i < loads.size(); i++) {
                names.add("p" + i);
                environment.put("PROXY_P" + i + "_XMPP_PORT", "" + loads.get(i).port());
            }
            environment.put("PROXIES", String.join(",", names));
        }
        environment.putAll(more);
        return new Subject("proxy", loads, command, environment);
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
        loads.forEach(Load::close);
    }
}
