package org.clientproxy.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** stunnel in front of a server: speaks TLS to its clients and plain TCP to the server. */
public final class TlsTerminator implements AutoCloseable {
    private final Path directory;
    private final int port;
    private final StringBuilder configuration = new StringBuilder();
    private Process process;

    /**
     * @param backend the port of the server
     * @param certificate certificate and key in one file
     */
    public TlsTerminator(Path directory, int backend, Path certificate) {
        this(directory, backend, certificate, FreePort.next());
    }

    /** The same on the port that another one had. */
    public TlsTerminator(Path directory, int backend, Path certificate, int port) {
        this.directory = directory;
        this.port = port;
        configuration.append("""
                foreground = yes
                pid =
                socket = l:TCP_NODELAY=1
                socket = r:TCP_NODELAY=1
                [server]
                accept = 127.0.0.1:%d
                connect = 127.0.0.1:%d
                cert = %s
                """.formatted(port, backend, certificate));
    }

    public static boolean isInstalled() {
        return ServerProcess.isInstalled("stunnel4", "stunnel");
    }

    /** Wants a certificate from this authority of whoever connects. */
    public TlsTerminator wantingCertificatesOf(Path authority) {
        configuration.append("verifyChain = yes\nCAfile = ").append(authority).append('\n');
        return this;
    }

    /** Shows another certificate to those who ask for this name (SNI). */
    public TlsTerminator named(String name, int backend, Path certificate) {
        configuration.append("""
                [named]
                sni = server:%s
                connect = 127.0.0.1:%d
                cert = %s
                """.formatted(name, backend, certificate));
        return this;
    }

    public int port() {
        return port;
    }

    public TlsTerminator start() throws IOException {
        Path file = Files.writeString(directory.resolve("stunnel-" + port + ".conf"), configuration);
        Path output = directory.resolve("stunnel-" + port + ".txt");
        process = new ProcessBuilder("stunnel4", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        Awaitility.await("stunnel").atMost(Duration.ofSeconds(20)).until(() -> {
            if (!process.isAlive()) {
                throw new IOException("it ended: " + Files.readString(output));
            }
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            } catch (IOException e) {
                return false;
            }
        });
        return this;
    }

    @Override
    public void close() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }
}
