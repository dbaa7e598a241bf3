package org.clientproxy.scenarios;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.clientproxy.loopback.XmppServer;

/** A program of {@code examples/}, in Python or in Java, started from its source as people start it. */
final class ExampleProgram implements AutoCloseable {
    private final Process process;
    private final Path output;

    private ExampleProgram(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    static void requireSlixmpp() {
        Installed.require(
                Files.isDirectory(Path.of("/usr/lib/python3/dist-packages/slixmpp")), "slixmpp (python3-slixmpp)");
    }

    /**
     * Starts one that logs in as an account of these tests.
     *
     * @param output where what it prints goes, errors too
     * @param address the first argument; the second is the component's domain
     * @param name in {@code examples}
     */
    static ExampleProgram start(XmppServer server, Path output, String address, String name) throws IOException {
        List<String> command = new ArrayList<>();
        if (name.endsWith(".py")) {
            command.add("/usr/bin/python3");
        } else {
            command.addAll(List.of(
                    System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                    "-cp",
                    ProxyProcess.classPath()));
        }
        command.addAll(List.of("examples/" + name, address, server.componentDomain()));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment()
                .putAll(Map.of(
                        "XMPP_PASSWORD", "pw", "XMPP_SERVER", "127.0.0.1:" + server.clientPort(), "XMPP_TLS", "off"));
        return new ExampleProgram(builder.start(), output);
    }

    /** What it has printed so far. */
    String output() throws IOException {
        return Files.readString(output);
    }

    /** Says this line to it. */
    void type(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** At once, as a crash ends it. */
    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
}
