package org.clientproxy.servers;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.util.FileUtil;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.clientproxy.loopback.XmppServer;

/** A real server as a child of the test: a directory, ports and a process of its own, all gone at the end. */
abstract class ServerProcess implements XmppServer {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    static final int ATTEMPTS = 4;

    // Prosody goes on without the port, ejabberd ends; the last is Erlang's word for it.
    private static final Pattern PORT_TAKEN = Pattern.compile("port is in use|[Aa]ddress already in use|eaddrinuse");

    final Path directory;
    final Map<String, String> accounts;
    private final Map<String, Integer> ports = new HashMap<>();
    private final Thread hook = new Thread(this::end);
    private String componentAddress = "127.0.0.1";
    private Process process;
    private boolean hasStarted;

    ServerProcess(Map<String, String> accounts) throws IOException {
        this.accounts = accounts;
        this.directory = Files.createTempDirectory("xmpp-server");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Writes what the server reads at its start. */
    abstract void configure() throws IOException;

    abstract ProcessBuilder command() throws IOException;

    /** Whether it has set up all that a test needs, and it is this server that has the ports, which are open. */
    abstract boolean isReady() throws IOException;

    /** The port for a purpose: another one where a start found that somebody had taken it, and the same after a start. */
    final int port(String purpose) {
        return ports.computeIfAbsent(purpose, any -> FreePort.next());
    }

    /** {@code 0.0.0.0}, for its test asks at loopback's whether it is there. */
    @Override
    public void listenAt(String address) {
        componentAddress = address;
    }

    final String componentAddress() {
        return componentAddress;
    }

    @Override
    public String domain() {
        return "localhost";
    }

    @Override
    public int clientPort() {
        return port("client");
    }

    @Override
    public int componentPort() {
        return port("component");
    }

    @Override
    public String componentDomain() {
        return "proxy.localhost";
    }

    @Override
    public String componentSecret() {
        return "it-is-a-secret";
    }

    /** Somebody can take a port between its choice and the start; then other ports are tried, a few times. */
    @Override
    public void start() throws Exception {
        for (int attempt = 1; !startOnce(); attempt++) {
            end();
            if (attempt == ATTEMPTS || hasStarted) {
                throw new IOException("somebody has one of " + ports + ": " + said());
            }
            ports.clear();
        }
        hasStarted = true;
    }

    /** @return whether it runs; false: somebody has one of the ports */
    private boolean startOnce() throws Exception {
        Files.deleteIfExists(log());
        configure();
        process = command()
                .redirectErrorStream(true)
                .redirectOutput(output().toFile())
                .start();
        AtomicBoolean taken = new AtomicBoolean();
        try {
            Awaitility.await(getClass().getSimpleName() + " in " + directory)
                    .atMost(LIMIT)
                    .until(() -> {
                        boolean alive = process.isAlive();
                        taken.set(PORT_TAKEN.matcher(said()).find());
                        if (!alive && !taken.get()) {
                            throw new IOException("it ended: " + said());
                        }
                        return taken.get() || accepts(clientPort()) && accepts(componentPort()) && isReady();
                    });
        } catch (ConditionTimeoutException e) {
            throw new IOException("it is not ready: " + said(), e);
        }
        return !taken.get();
    }

    /** What it printed and logged since its last start. */
    private String said() throws IOException {
        return read(output()) + read(log());
    }

    private Path output() {
        return directory.resolve("output.txt");
    }

    /** The file that it writes its log to. */
    final Path log() {
        return directory.resolve("server.log");
    }

    static String read(Path file) throws IOException {
        return Files.exists(file) ? Files.readString(file) : "";
    }

    @Override
    public void kill() throws Exception {
        end();
        process.waitFor(10, TimeUnit.SECONDS);
    }

    @Override
    public void suspend() throws Exception {
        signal("-STOP");
    }

    @Override
    public void resume() throws Exception {
        signal("-CONT");
    }

    /**
     * Runs a command line of a document by the shell, as an operator would on the server's machine; its control program is
     * the one that is told of this server.
     *
     * @return what it printed
     */
    public String control(String commandLine) throws Exception {
        Path folder = Files.createDirectories(directory.resolve("bin"));
        Path program = folder.resolve(controlProgram());
        Files.writeString(program, "#!/bin/sh\n" + controlScript());
        if (!program.toFile().setExecutable(true)) {
            throw new IOException(program + " cannot be made executable");
        }
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", commandLine).redirectErrorStream(true);
        builder.environment().merge("PATH", "" + folder, (path, first) -> first + ":" + path);
        builder.environment().put("HOME", directory.toString());
        Path output = directory.resolve("control.txt");
        Process control = builder.redirectOutput(output.toFile()).start();
        if (!control.waitFor(60, TimeUnit.SECONDS) || control.exitValue() != 0) {
            control.destroyForcibly();
            throw new IOException(commandLine + ": " + Files.readString(output));
        }
        return Files.readString(output);
    }

    /** The name of the program that operators control the server by. */
    abstract String controlProgram();

    /** Shell script that calls it for this server with the arguments of its own. */
    abstract String controlScript() throws IOException;

    private void signal(String signal) throws Exception {
        new ProcessBuilder("kill", signal, "" + process.pid()).start().waitFor();
    }

    @Override
    public void close() {
        end();
        Runtime.getRuntime().removeShutdownHook(hook);
        FileUtil.removeDir(directory.toFile());
    }

    private void end() {
        if (process != null) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            try {
                process.waitFor(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The fragment that the documents show, with this server's secret and port in it. */
    String fragment(String name) throws IOException {
        try (InputStream in = ServerProcess.class.getResourceAsStream("/servers/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("CHANGE-ME", componentSecret())
                    .replace("5347", Integer.toString(componentPort()));
        }
    }

    static boolean isInstalled(String... programs) {
        return Stream.of(programs)
                .anyMatch(program -> Stream.of("/usr/bin/", "/usr/sbin/", "/usr/local/bin/", "/opt/homebrew/bin/")
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder + program))));
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            // Whoever else has the port need not accept.
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
