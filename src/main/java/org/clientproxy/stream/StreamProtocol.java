package org.clientproxy.stream;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import org.clientproxy.xml.Frame;
import org.clientproxy.xml.FramerLimits;
import org.clientproxy.xml.SkipReason;
import org.clientproxy.xml.StanzaFramer;
import org.clientproxy.xml.StanzaReader;
import org.clientproxy.xml.StartTag;
import org.clientproxy.xml.StreamErrorException;
import org.clientproxy.xmpp.LogLimit;
import org.clientproxy.xmpp.Namespaces;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StreamError;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is said in one connection: the handshake (XEP-0114 §3), and what becomes of each element that comes. Used on the loop
 * only.
 */
final class StreamProtocol implements StanzaFramer.Handler {
    private static final Logger LOG = LoggerFactory.getLogger(StreamProtocol.class);

    /** How long the server may take from our header to its {@code <handshake/>}. */
    private static final Duration OPENING_LIMIT = Duration.ofSeconds(15);

    private final StreamSettings settings;
    private final StreamCounters counters;
    private final StreamLife life;
    private final StreamUser user;
    private final InboundCheck check;
    private final SkippedStanzas skipped;
    private final StreamLink link;
    private final KeepAlive keepAlive;
    private final StreamClose close;
    private final StreamWriter writer;
    private final LogLimit warnings;
    private final StanzaFramer framer;
    private @Nullable StanzaReader reader;

    /** @param link the connection, which learns when the stream is ready, and sends our answers */
    StreamProtocol(StreamParts parts, StreamLink link, KeepAlive keepAlive, StreamClose close, StreamWriter writer) {
        this.settings = parts.settings();
        this.counters = parts.counters();
        this.life = parts.life();
        this.user = parts.user();
        this.check = parts.check();
        this.skipped = parts.skipped();
        this.link = link;
        this.keepAlive = keepAlive;
        this.close = close;
        this.writer = writer;
        this.warnings = parts.warnings();
        this.framer = new StanzaFramer(FramerLimits.of(settings.maxStanzaSize()), this);
    }

    /** Begins the handshake. */
    void open() {
        life.become(StreamState.OPENING);
        writer.write(Handshake.header(settings));
        close.later(OPENING_LIMIT, () -> {
            if (life.state() == StreamState.OPENING || life.state() == StreamState.HANDSHAKING) {
                close.end("the server did not finish the handshake within " + OPENING_LIMIT.toSeconds()
                        + " s; port " + settings.port() + " (xmpp.port) must be one for components, with TLS only where"
                        + " xmpp.tls says so");
            }
        });
    }

    /** Octets have come; they stay the caller's. */
    void feed(ByteBuf in) {
        keepAlive.signOfLife();
        counters.octetsIn.add(in.readableBytes());
        try {
            framer.feed(in);
        } catch (StreamErrorException e) {
            close.wrong(e);
        }
    }

    @Override
    public void streamHeader(StartTag header) {
        if (life.state() != StreamState.OPENING) {
            return;
        }
        String id = header.attribute("id");
        if (!header.localName().equals("stream") || !header.namespace().equals(Namespaces.STREAM)) {
            close.end("the server does not speak XMPP on port " + settings.port() + " (xmpp.port)");
        } else if (!Namespaces.COMPONENT.equals(header.streamNamespaces().get(""))
                && !header.streamNamespaces().containsValue(Namespaces.COMPONENT)) {
            close.refused(new StreamError(StreamError.Condition.INVALID_NAMESPACE, null));
        } else if (id != null && !id.isEmpty()) {
            reader = new StanzaReader(header);
            life.become(StreamState.HANDSHAKING);
            writer.write("<handshake>" + Handshake.digest(id, settings.secret()) + "</handshake>");
        }
        // Without an id no digest is made; the server's error follows (Prosody: host-unknown).
    }

    @Override
    public void element(Frame frame) {
        if (close.isOver()) {
            return;
        }
        StartTag tag = frame.startTag();
        StreamState state = life.state();
        if (tag.localName().equals("error") && tag.namespace().equals(Namespaces.STREAM)) {
            close.refused(ServerRefusal.read(frame));
        } else if (state == StreamState.HANDSHAKING) {
            if (tag.localName().equals("handshake") && tag.namespace().equals(Namespaces.COMPONENT)) {
                link.ready();
            }
        } else if (state == StreamState.CLOSING && reader != null && user.takesLate()) {
            late(reader.read(frame));
        } else if ((state == StreamState.READY || close.takesMore()) && reader != null) {
            Stanza stanza = reader.read(frame);
            if (stanza == null) {
                counters.dropped(StreamCounters.Drop.NOT_A_STANZA);
            } else if (keepAlive.swallows(stanza) || !check.accepts(stanza)) {
                return;
            } else if (skipped.leavesRoom(stanza, frame.contentOffset())) {
                deliver(stanza);
            } else {
                skipped(stanza, SkipReason.TOO_LARGE, frame.octets().length);
            }
        }
    }

    /** The server had sent it before it read our end of the stream. */
    private void late(@Nullable Stanza stanza) {
        if (stanza != null && !keepAlive.swallows(stanza) && check.accepts(stanza)) {
            counters.stanzasIn.increment();
            user.deliverLate(stanza);
        }
    }

    private void deliver(Stanza stanza) {
        counters.stanzasIn.increment();
        user.deliver(stanza);
        writer.flushWhatHasWaited();
    }

    @Override
    public void skipped(@Nullable StartTag startTag, SkipReason skipReason, long octets) {
        LOG.debug("{}: passed over an element of {} octets: {}", settings, octets, skipReason);
        Stanza stanza = life.isReady() && startTag != null && reader != null
                ? reader.read(new Frame(startTag, new byte[0], 0, 0, 1))
                : null;
        if (stanza == null) {
            counters.dropped(StreamCounters.Drop.SKIPPED);
        } else if (!keepAlive.swallows(stanza) && check.accepts(stanza)) {
            skipped(stanza, skipReason, octets);
        }
    }

    /** The same of a stanza that is for us. */
    private void skipped(Stanza stanza, SkipReason skipReason, long octets) {
        if (stanza.isReply() && stanza.id() != null) {
            deliver(skipped.standIn(stanza, skipReason, octets));
            return;
        }
        boolean refused = stanza.kind() == Stanza.Kind.MESSAGE
                ? user.messages().isRefused(stanza)
                : stanza.isRequest() && stanza.id() != null;
        Stanza answer = refused ? skipped.refusal(stanza, skipReason) : null;
        if (answer == null) {
            counters.dropped(StreamCounters.Drop.SKIPPED);
            return;
        }
        try {
            link.send(answer);
        } catch (StanzaNotSentException e) {
            int before = warnings.admit("not sent");
            if (before >= 0) {
                LOG.warn(
                        "an answer was not sent, {}: {} ({} more of this kind since the last warning)",
                        e.getMessage(),
                        answer,
                        before);
            }
        }
    }

    @Override
    public void streamEnd() {
        close.serverClosed();
    }
}
