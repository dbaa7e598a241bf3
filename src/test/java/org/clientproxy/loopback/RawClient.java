package org.clientproxy.loopback;

import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Predicate;
import org.clientproxy.xml.Frame;
import org.clientproxy.xml.FramerLimits;
import org.clientproxy.xml.SkipReason;
import org.clientproxy.xml.StanzaFramer;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xml.StartTag;
import org.clientproxy.xml.StreamErrorException;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.XmlText;

/** A client over a plain socket, for tests: a requester, or who must see and send exact octets. */
public final class RawClient implements AutoCloseable, StanzaFramer.Handler {
    private static final Duration LIMIT = Duration.ofSeconds(15);

    private final Socket socket;
    private final List<String> others = new ArrayList<>();
    private final List<Stanza> unseen = new ArrayList<>();
    private StanzaFramer framer = newFramer();
    private volatile boolean over;
    private boolean restart;
    private String address;
    private int asked;
    private String streamId;
    private String streamError;
    private volatile Exception failure;

    private RawClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
    }

    /** Opens a stream with this header and waits for the server's; nothing more. */
    static RawClient open(int port, String header) throws Exception {
        RawClient client = new RawClient(port);
        Thread reader = new Thread(client::read, "client at port " + client.socket.getLocalPort());
        reader.setDaemon(true);
        client.send(header);
        reader.start();
        client.awaitOther("stream");
        return client;
    }

    /** Opens a stream to the server's domain, as a client does before it logs in. */
    static RawClient open(XmppServer server) throws Exception {
        return open(server.clientPort(), header(server.domain()));
    }

    private static String header(String domain) {
        return "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='"
                + "http://etherx.jabber.org/streams' to='" + domain + "' version='1.0'>";
    }

    /** Logs in and binds the resource; sends no presence yet. */
    public static RawClient login(XmppServer server, String user, String password, String resource) throws Exception {
        RawClient client = open(server);
        client.awaitOther("features");
        String plain =
                Base64.getEncoder().encodeToString(("\0" + user + "\0" + password).getBytes(StandardCharsets.UTF_8));
        client.send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" + plain + "</auth>");
        client.awaitOther("success");
        client.send(header(server.domain()));
        client.awaitOther("features");
        StringBuilder escaped = new StringBuilder();
        XmlText.escape(resource, escaped);
        client.send("<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>" + escaped
                + "</resource></bind></iq>");
        Stanza bound = client.await("the bound resource", stanza -> "bind".equals(stanza.id()));
        if (!"result".equals(bound.type())) {
            throw new IOException("not bound: " + bound.toXml());
        }
        client.address = StanzaXml.toDocument(bound)
                .getElementsByTagNameNS("*", "jid")
                .item(0)
                .getTextContent();
        return client;
    }

    /** The full address that the server gave it when it logged in. */
    public String address() {
        return address;
    }

    /** Sends this, whatever it is. */
    public void send(String xml) throws IOException {
        synchronized (socket) {
            socket.getOutputStream().write(xml.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
        }
    }

    /** Sends a stanza as it stands. */
    public void send(Stanza stanza) throws IOException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        stanza.writeTo(octets);
        send(octets.toString(StandardCharsets.UTF_8));
    }

    /**
     * Asks by an IQ request, and waits for the reply: a result or an error.
     *
     * @param type {@code get} or {@code set}
     * @param child of the request, as XML
     */
    public Stanza ask(String type, String to, String child) throws Exception {
        String id = "ask" + ++asked;
        send(Stanza.of(Stanza.Kind.IQ, type, id, null, to, child));
        return await("reply of " + to, stanza -> stanza.isReply() && id.equals(stanza.id()));
    }

    /** The next stanza of this kind; those before it are kept for others who ask. */
    public Stanza await(String what, Predicate<Stanza> wanted) throws InterruptedException {
        Stanza found = poll(wanted, LIMIT);
        if (found == null) {
            throw new AssertionError("no " + what + " within " + LIMIT + "; there was " + unseen(), failure);
        }
        return found;
    }

    /** The same, or null where none came in the time. */
    public synchronized Stanza poll(Predicate<Stanza> wanted, Duration limit) throws InterruptedException {
        long until = System.nanoTime() + limit.toNanos();
        while (true) {
            for (int i = 0; i < unseen.size(); i++) {
                if (wanted.test(unseen.get(i))) {
                    return unseen.remove(i);
                }
            }
            long left = (until - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return null;
            }
            wait(left);
        }
    }

    /** What came and nobody asked for. */
    public synchronized List<Stanza> unseen() {
        return List.copyOf(unseen);
    }

    /** Whether the connection has ended. */
    public boolean isOver() {
        return over;
    }

    /** Ends the connection without a word, as a crash does. */
    public void cut() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() {
        try {
            send("</stream:stream>");
            socket.close();
        } catch (IOException e) {
            over = true;
        }
    }

    private void read() {
        byte[] buffer = new byte[65536];
        try {
            for (int n = socket.getInputStream().read(buffer);
                    n >= 0;
                    n = socket.getInputStream().read(buffer)) {
                framer.feed(Unpooled.copiedBuffer(buffer, 0, n));
                if (restart) {
                    restart = false;
                    framer = newFramer();
                }
            }
        } catch (IOException | StreamErrorException e) {
            failure = e;
        } finally {
            ended();
        }
    }

    private synchronized void ended() {
        over = true;
        notifyAll();
    }

    /** The condition of the stream error with which the server ends the stream. */
    public synchronized String awaitStreamError() throws Exception {
        awaitOther("error");
        return streamError;
    }

    /** Waits until the server has closed the connection. */
    public synchronized void awaitEnd() throws InterruptedException {
        long until = System.nanoTime() + LIMIT.toNanos();
        while (!over) {
            long left = (until - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError("the connection is still open");
            }
            wait(left);
        }
    }

    /** The id of the server's stream. */
    synchronized String streamId() {
        return streamId;
    }

    /** Waits for an element that is no stanza, such as {@code success}. */
    synchronized void awaitOther(String name) throws Exception {
        long until = System.nanoTime() + LIMIT.toNanos();
        while (!others.remove(name)) {
            long left = (until - System.nanoTime()) / 1_000_000;
            if (left <= 0 || over) {
                throw new IOException("no " + name + " from the server; there was " + others, failure);
            }
            wait(left);
        }
    }

    @Override
    public synchronized void streamHeader(StartTag header) {
        streamId = header.attribute("id");
        others.add("stream");
        notifyAll();
    }

    @Override
    public synchronized void element(Frame frame) {
        Stanza stanza = LoopbackLink.stanza(frame);
        if (stanza != null) {
            unseen.add(stanza);
        } else {
            String name = frame.startTag().localName();
            restart |= name.equals("success");
            if (name.equals("error")) {
                String content = new String(
                        frame.octets(), frame.contentOffset(), frame.contentLength(), StandardCharsets.UTF_8);
                streamError = content.substring(1, content.indexOf(' '));
            }
            others.add(name);
        }
        notifyAll();
    }

    @Override
    public void skipped(StartTag startTag, SkipReason reason, long octets) {
        throw new IllegalStateException("too large for a test");
    }

    @Override
    public void streamEnd() {
        // The end of the connection follows.
    }

    private StanzaFramer newFramer() {
        return new StanzaFramer(FramerLimits.of(16 << 20), this);
    }
}
