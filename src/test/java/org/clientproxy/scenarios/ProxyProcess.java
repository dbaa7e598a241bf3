package org.clientproxy.scenarios;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.util.FileUtil;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.XmppServer;

/** The proxy as a process of its own, to be killed and looked at from outside. */
final class ProxyProcess implements AutoCloseable {
    private static final int LAST_WORDS = 2000;
    private static final int STOP_SECONDS = 120;
    private static final Pattern BUSY_THREADS = Pattern.compile("\"(main|nioEventLoop|vert\\.x|cluster-)");

    private final Map<String, String> environment;
    private final String maxHeap;
    private final List<String> prefix;
    private final Path directory;
    // What its JVM is told; the classes of this test, where nobody has said otherwise.
    private List<String> program = List.of(
            // It starts with half of the processor time, and none runs long enough to be worth more.
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "-Dlogback.configurationFile=org/clientproxy/config/logback.xml",
            "-cp",
            classPath(),
            "org.clientproxy.Main");
    private Process process;
    // Nobody has told it to end.
    private boolean wanted;
    // It was told to stand still, so it says nothing.
    private boolean still;

    /** @param maxHeap as for {@code -Xmx} */
    ProxyProcess(XmppServer server, int port, String maxHeap, Map<String, String> more) throws IOException {
        this(server, port, maxHeap, more, List.of());
    }

    /** @param prefix a command that becomes the process, such as {@code ip netns exec NAME} */
    ProxyProcess(XmppServer server, int port, String maxHeap, Map<String, String> more, List<String> prefix)
            throws IOException {
        this.maxHeap = maxHeap;
        this.prefix = prefix;
        directory = Files.createTempDirectory("client-proxy");
        environment = new java.util.HashMap<>(Map.of(
                "XMPP_HOST",
                "127.0.0.1",
                "XMPP_PORT",
                "" + port,
                "XMPP_SECRET",
                server.componentSecret(),
                "PROXY_DOMAIN",
                server.componentDomain(),
                "PROXY_TARGET",
                "worker@" + server.domain()));
        environment.putAll(more);
    }

    /** Its configuration file has these lines. */
    void file(List<String> lines) throws IOException {
        Files.write(directory.resolve("application.properties"), lines);
    }

    void start() throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java", "-Xmx" + maxHeap));
        command.addAll(program);
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("PROXY") || name.startsWith("XMPP"));
        builder.environment().putAll(environment);
        Files.deleteIfExists(directory.resolve("log"));
        process = builder.redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        wanted = true;
        still = false;
    }

    /** From its next start on it runs this jar, with the JVM's options of the launcher. */
    void asShipped(Path jar) {
        program = List.of("-XX:+UseSerialGC", "-Xms16m", "-Xmx512m", "-jar", "" + jar.toAbsolutePath());
    }

    /** That of this test, wherever its classes come from. */
    static String classPath() {
        Stream<String> entries = ProxyProcess.class.getClassLoader() instanceof URLClassLoader loader
                ? Arrays.stream(loader.getURLs()).map(URL::getPath)
                : Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator));
        // The process has a working directory of its own.
        return entries.map(entry -> "" + Path.of(entry).toAbsolutePath())
                .collect(Collectors.joining(File.pathSeparator));
    }

    void awaitReady() {
        Awaitility.await("the proxy is ready")
                .atMost(Duration.ofSeconds(60))
                .failFast("it has ended", () -> !isAlive())
                .until(() -> log().contains("is ready"));
    }

    String log() throws IOException {
        return Files.readString(directory.resolve("log"), StandardCharsets.UTF_8);
    }

    /** Whether it runs, and the end of its log, for the words of a failure. */
    String lastWords() {
        try {
            String log = log();
            String end = log.substring(Math.max(0, log.length() - LAST_WORDS));
            return (isAlive() ? " (it runs; its log ends: " : " (it does not run; its log ends: ") + end.strip() + ')';
        } catch (IOException e) {
            return " (it has no log)";
        }
    }

    /** What its threads are at that start it and do its work, for the words of a failure. */
    String stacks() {
        try {
            return Arrays.stream(jcmd("Thread.print").split("\n\n"))
                    .filter(stack -> BUSY_THREADS.matcher(stack.strip()).lookingAt())
                    .collect(Collectors.joining("\n"));
        } catch (Exception e) {
            return "its threads cannot be seen: " + e;
        }
    }

    /** Whether it has ended, and nobody has told it to. */
    boolean hasFailed() {
        return wanted && !process.isAlive();
    }

    /** Whether it was started and has not ended. */
    boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Whether it runs, and was not told to stand still. */
    boolean mayAnswer() {
        return isAlive() && !still;
    }

    /** The processor time that it has used since its start. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /** Kill -9. */
    void kill() throws InterruptedException {
        wanted = false;
        process.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
    }

    /** Sends a signal, such as {@code STOP}. */
    void signal(String name) throws Exception {
        still = name.equals("STOP");
        new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor();
    }

    /** SIGTERM; returns when it has ended. */
    void stop() throws InterruptedException {
        wanted = false;
        process.destroy();
        if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("it does not stop within " + STOP_SECONDS + " s" + lastWords());
        }
    }

    /** The heap after a full collection, in KiB. */
    long heapKilobytes() throws Exception {
        jcmd("GC.run");
        Matcher used = Pattern.compile("used (\\d+)K").matcher(jcmd("GC.heap_info"));
        if (!used.find()) {
            throw new IOException("jcmd does not say how large the heap is");
        }
        return Long.parseLong(used.group(1));
    }

    int threads() throws IOException {
        return count("task");
    }

    int descriptors() throws IOException {
        return count("fd");
    }

    private int count(String what) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc", "" + process.pid(), what))) {
            return (int) entries.count();
        }
    }

    private String jcmd(String command) throws Exception {
        Process jcmd = new ProcessBuilder(System.getProperty("java.home") + "/bin/jcmd", "" + process.pid(), command)
                .redirectErrorStream(true)
                .start();
        String output = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        jcmd.waitFor();
        return output;
    }

    @Override
    public void close() throws InterruptedException {
        if (process != null) {
            kill();
        }
        FileUtil.removeDir(directory.toFile());
    }
}
