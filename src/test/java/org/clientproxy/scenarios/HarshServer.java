package org.clientproxy.scenarios;

import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.clientproxy.loopback.XmppServer;
import org.clientproxy.xml.Frame;
import org.clientproxy.xml.FramerLimits;
import org.clientproxy.xml.SkipReason;
import org.clientproxy.xml.StanzaFramer;
import org.clientproxy.xml.StartTag;
import org.clientproxy.xml.StreamErrorException;

/**
 * A server with one component port that says whatever a test wants, as much of it as the component reads, and reads only when
 * it is told to. The target has one session, {@code worker@localhost/a}, unless the test says that there are more. Requests whose
 * id begins with {@code calm} get a reply, and no others. Of all else only numbers are kept.
 */
final class HarshServer implements XmppServer, StanzaFramer.Handler {
    static final String WORKER = "worker@localhost/a";

    /** A request that went to the resource. */
    record Forwarded(String id, String from) {}

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Forwarded> forwarded = new ConcurrentLinkedQueue<>();
    private final AtomicInteger doubled = new AtomicInteger();
    private final Map<String, String> calm = new ConcurrentHashMap<>();
    private volatile OutputStream out = new ByteArrayOutputStream();
    private volatile Socket socket;
    private boolean reading = true;
    private boolean letIn = true;

    HarshServer() throws IOException {}

    @Override
    public void start() {
        Thread thread = new Thread(this::serve, "harsh server");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve() {
        byte[] buffer = new byte[65536];
        while (!listener.isClosed()) {
            try (Socket accepted = listener.accept()) {
                socket = accepted;
                out = accepted.getOutputStream();
                StanzaFramer framer = new StanzaFramer(FramerLimits.of(16 << 20), this);
                for (int n = read(buffer); n >= 0; n = read(buffer)) {
                    framer.feed(Unpooled.wrappedBuffer(buffer, 0, n));
                }
            } catch (IOException | StreamErrorException | InterruptedException e) {
                // The component is gone, or the test is over.
                continue;
            }
        }
    }

    private int read(byte[] buffer) throws IOException, InterruptedException {
        synchronized (this) {
            while (!reading) {
                wait();
            }
        }
        return socket.getInputStream().read(buffer);
    }

    /** From now on it reads what the component sends, or does not. */
    synchronized void reads(boolean now) {
        reading = now;
        notifyAll();
    }

    /** From now on components are let in, or wait for it. */
    synchronized void letIn(boolean now) {
        letIn = now;
        notifyAll();
    }

    /** Ends the connection. */
    void cut() throws IOException {
        socket.close();
    }

    /** Says this to the component; returns when the socket has taken it. */
    void say(String xml) throws IOException {
        byte[] octets = xml.getBytes(StandardCharsets.UTF_8);
        synchronized (listener) {
            out.write(octets);
        }
    }

    /** How many requests have their answer. */
    int answered() {
        return answers.size();
    }

    /** How many answers came to requests that had one. */
    int doubled() {
        return doubled.get();
    }

    /** How many requests went to the resource. */
    int forwarded() {
        return forwarded.size();
    }

    /** The same requests, taken away. */
    List<Forwarded> takeForwarded() {
        List<Forwarded> taken = new ArrayList<>();
        for (Forwarded next = forwarded.poll(); next != null; next = forwarded.poll()) {
            taken.add(next);
        }
        return taken;
    }

    /** What type of answer came to this request of a calm requester; null: none yet. */
    String calm(String id) {
        return calm.get(id);
    }

    @Override
    public void streamHeader(StartTag header) {
        answer("<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' xmlns:stream='"
                + "http://etherx.jabber.org/streams' id='1' from='proxy.localhost'>");
    }

    @Override
    public void element(Frame frame) {
        StartTag tag = frame.startTag();
        String type = tag.attribute("type");
        String id = tag.attribute("id");
        switch (tag.localName()) {
            case "handshake" -> handshake();
            case "presence" -> presence(type);
            default -> {
                if ("result".equals(type) || "error".equals(type)) {
                    answered(id, type);
                } else if (tag.attribute("to").equals("localhost")) {
                    answer("<iq type='result' id='" + id + "' from='localhost' to='" + tag.attribute("from") + "'/>");
                } else if (id.startsWith("calm")) {
                    answer("<iq type='result' id='" + id + "' from='" + tag.attribute("to") + "' to='"
                            + tag.attribute("from") + "'/>");
                } else {
                    forwarded.add(new Forwarded(id, tag.attribute("from")));
                }
            }
        }
    }

    private void handshake() {
        synchronized (this) {
            while (!letIn) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
        answer("<handshake/>");
    }

    private void presence(String type) {
        if ("subscribe".equals(type)) {
            answer("<presence type='subscribed' from='worker@localhost' to='proxy.localhost'/>");
        } else if ("probe".equals(type)) {
            answer("<presence from='" + WORKER + "' to='proxy.localhost'/>");
        }
    }

    private void answered(String id, String type) {
        if (id.startsWith("calm")) {
            calm.put(id, type);
        } else if (answers.computeIfAbsent(id.substring(Math.max(0, id.length() - 12)), x -> new AtomicInteger())
                        .incrementAndGet()
                > 1) {
            doubled.incrementAndGet();
        }
    }

    private void answer(String xml) {
        try {
            say(xml);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void skipped(StartTag startTag, SkipReason reason, long octets) {
        throw new IllegalStateException("the component sent what is too large");
    }

    @Override
    public void streamEnd() {
        // The component closes the connection next.
    }

    @Override
    public String domain() {
        return "localhost";
    }

    @Override
    public int clientPort() {
        throw new UnsupportedOperationException("it has no clients");
    }

    @Override
    public int componentPort() {
        return listener.getLocalPort();
    }

    @Override
    public String componentDomain() {
        return "proxy.localhost";
    }

    @Override
    public String componentSecret() {
        return "t0p-s3cret";
    }

    @Override
    public void kill() {
        close();
    }

    @Override
    public void close() {
        try {
            listener.close();
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
