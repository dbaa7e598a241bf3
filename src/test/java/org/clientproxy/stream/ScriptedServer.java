package org.clientproxy.stream;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A server that says and reads exactly what a test tells it to, octet for octet. */
final class ScriptedServer implements AutoCloseable {
    static final String HEADER = "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' "
            + "xmlns:stream='http://etherx.jabber.org/streams' id='3BF96D32' from='proxy.example'>";

    private final ServerSocket listener;
    private Socket socket;

    ScriptedServer() throws IOException {
        this(InetAddress.getLoopbackAddress(), 0);
    }

    /** @param port 0: any */
    ScriptedServer(InetAddress address, int port) throws IOException {
        listener = new ServerSocket(port, 50, address);
        listener.setSoTimeout(20_000);
    }

    int port() {
        return listener.getLocalPort();
    }

    void accept() throws IOException {
        socket = listener.accept();
        socket.setSoTimeout(20_000);
    }

    /** Accepts, and goes through the handshake. */
    void acceptReady() throws IOException {
        accept();
        read("<stream:stream");
        read(">");
        write(HEADER);
        read("</handshake>");
        write("<handshake/>");
    }

    void write(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    /** Reads up to the end of this text, and gives all that was read. */
    String read(String until) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(until) < 0) {
            int b = socket.getInputStream().read();
            if (b < 0) {
                throw new IOException("closed after: " + read);
            }
            read.append((char) b);
        }
        return read.toString();
    }

    /** Reads so many octets, and looks at none. */
    void skip(int octets) throws IOException {
        socket.getInputStream().skipNBytes(octets);
    }

    /** Reads until the other side closes. */
    String readAll() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    void hangUp() throws IOException {
        socket.close();
    }

    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        if (socket != null) {
            socket.close();
        }
    }
}
