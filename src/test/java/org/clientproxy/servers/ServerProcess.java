package org.clientproxy.servers;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.util.FileUtil;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.XmppServer;

/** A real server as a child of the test: a directory, ports and a process of its own, all gone at the end. */
abstract class ServerProcess implements XmppServer {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    final Path directory;
    final Map<String, String> accounts;
    private final int clientPort = FreePort.next();
    private final int componentPort = FreePort.next();
    private final Thread hook = new Thread(this::end);
    private Process process;

    ServerProcess(Map<String, String> accounts) throws IOException {
        this.accounts = accounts;
        this.directory = Files.createTempDirectory("xmpp-server");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Writes what the server reads at its start. */
    abstract void configure() throws IOException;

    abstract ProcessBuilder command() throws IOException;

    /** Whether it has set up all that a test needs, once its ports are open. */
    abstract boolean isReady();

    @Override
    public String domain() {
        return "localhost";
    }

    @Override
    public int clientPort() {
        return clientPort;
    }

    @Override
    public int componentPort() {
        return componentPort;
    }

    @Override
    public String componentDomain() {
        return "proxy.localhost";
    }

    @Override
    public String componentSecret() {
        return "it-is-a-secret";
    }

    @Override
    public void start() throws Exception {
        configure();
        process = command()
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output.txt").toFile())
                .start();
        Awaitility.await(getClass().getSimpleName() + " in " + directory)
                .atMost(LIMIT)
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new IOException("it ended: " + Files.readString(directory.resolve("output.txt")));
                    }
                    return accepts(clientPort) && accepts(componentPort) && isReady();
                });
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
                    .replace("5347", Integer.toString(componentPort));
        }
    }

    static boolean isInstalled(String... programs) {
        return Stream.of(programs)
                .anyMatch(program -> Stream.of("/usr/bin/", "/usr/sbin/", "/usr/local/bin/", "/opt/homebrew/bin/")
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder + program))));
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
