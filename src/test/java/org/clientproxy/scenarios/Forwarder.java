package org.clientproxy.scenarios;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A network between the component and its server that fails to order. Any thread. */
public final class Forwarder implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int serverPort;
    private final List<Connection> connections = new CopyOnWriteArrayList<>();
    private volatile boolean stalled;

    public Forwarder(int serverPort) throws IOException {
        this.serverPort = serverPort;
        daemon("forwarder", () -> {
            while (!listener.isClosed()) {
                Socket component = listener.accept();
                // The server learns of the end of the old connection when there is a new one, at the latest.
                connections.forEach(old -> {
                    if (!old.held) {
                        old.close();
                    }
                });
                try {
                    connections.add(
                            new Connection(component, new Socket(InetAddress.getLoopbackAddress(), serverPort)));
                } catch (IOException e) {
                    component.close();
                }
            }
        });
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Resets the connection on both sides. */
    public void reset() {
        connections.forEach(Connection::close);
    }

    /** From now on nothing passes the present connection, in either direction, and neither side is told. */
    void dropSilently() {
        connections.forEach(connection -> connection.dropping = true);
    }

    /** Resets the component's side; the server keeps its side until {@link #reset()}. */
    void resetComponentOnly() throws IOException {
        for (Connection connection : connections) {
            connection.held = true;
            connection.dropping = true;
            connection.component.setSoLinger(true, 0);
            connection.component.close();
        }
    }

    /** Whether what the component writes is left unread. */
    void stall(boolean stall) {
        synchronized (this) {
            stalled = stall;
            notifyAll();
        }
    }

    /** Says this to the server as if the component did. */
    void toServer(String xml) throws IOException {
        for (Connection connection : connections) {
            synchronized (connection) {
                connection.server.getOutputStream().write(xml.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        reset();
    }

    private synchronized void awaitFlow() throws IOException {
        while (stalled) {
            try {
                wait();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void daemon(String name, Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException e) {
                        // The end of a connection, or of the forwarder.
                        Thread.currentThread().interrupt();
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private final class Connection {
        private final Socket component;
        private final Socket server;
        private volatile boolean dropping;
        private volatile boolean held;

        Connection(Socket component, Socket server) {
            this.component = component;
            this.server = server;
            daemon("to server", () -> pass(component, server, true));
            daemon("to component", () -> pass(server, component, false));
        }

        private void pass(Socket from, Socket to, boolean toServer) throws IOException {
            byte[] buffer = new byte[16384];
            try {
                OutputStream out = to.getOutputStream();
                for (int n = from.getInputStream().read(buffer);
                        n >= 0;
                        n = from.getInputStream().read(buffer)) {
                    if (toServer) {
                        awaitFlow();
                    }
                    if (!dropping) {
                        synchronized (toServer ? this : to) {
                            out.write(buffer, 0, n);
                        }
                    }
                }
            } finally {
                if (!dropping) {
                    close();
                }
            }
        }

        void close() {
            connections.remove(this);
            for (Socket socket : List.of(component, server)) {
                try {
                    socket.setSoLinger(true, 0);
                    socket.close();
                } catch (IOException e) {
                    // It is closed already.
                    continue;
                }
            }
        }
    }
}
