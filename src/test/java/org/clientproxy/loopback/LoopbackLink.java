package org.clientproxy.loopback;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.clientproxy.xml.Frame;
import org.clientproxy.xml.FramerLimits;
import org.clientproxy.xml.SkipReason;
import org.clientproxy.xml.StanzaFramer;
import org.clientproxy.xml.StartTag;
import org.clientproxy.xml.StreamErrorException;
import org.clientproxy.xmpp.Attribute;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection to the loopback server, of a client or of a component: frames in, stanzas out. */
abstract class LoopbackLink extends ChannelInboundHandlerAdapter implements StanzaFramer.Handler {
    static final String STREAMS = "http://etherx.jabber.org/streams";
    private static final int MAX_STANZA = 4 << 20;
    private static final Logger LOG = LoggerFactory.getLogger(LoopbackLink.class);

    final LoopbackServer server;
    private StanzaFramer framer = newFramer();
    private Channel channel;
    private boolean restart;
    private boolean closing;

    LoopbackLink(LoopbackServer server) {
        this.server = server;
    }

    /** The other side has opened its stream. */
    abstract void opened(StartTag header);

    /** An element has come. */
    abstract void received(Frame frame);

    /** Nothing goes to it any more: its stream is ended, or the connection is gone. It may be said more than once. */
    abstract void gone();

    @Override
    public void channelActive(ChannelHandlerContext context) {
        channel = context.channel();
        server.opened(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            framer.feed(in);
            if (restart) {
                restart = false;
                framer = newFramer();
            }
        } catch (StreamErrorException e) {
            write(e.error().toXml() + "</stream:stream>");
            close();
        } finally {
            in.release();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        server.closed(this);
        gone();
    }

    @Override
    @SuppressWarnings("deprecation") // Netty deprecates it for handlers of outbound events only
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.error("the loopback server failed at what a connection sent", cause);
        }
        close();
    }

    // What comes after our end of the stream is not looked at.

    @Override
    public void streamHeader(StartTag header) {
        if (!closing) {
            opened(header);
        }
    }

    @Override
    public void element(Frame frame) {
        if (!closing) {
            received(frame);
        }
    }

    @Override
    public void skipped(StartTag startTag, SkipReason reason, long octets) {
        streamError("policy-violation");
    }

    @Override
    public void streamEnd() {
        endStream();
    }

    void endStream() {
        write("</stream:stream>");
        close();
    }

    /** A new stream begins on the same connection (RFC 6120 §4.3.3). */
    void restartStream() {
        restart = true;
    }

    void streamError(String condition) {
        write("<stream:error><" + condition + " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
                + "</stream:stream>");
        close();
    }

    void write(String xml) {
        channel.writeAndFlush(Unpooled.copiedBuffer(xml, StandardCharsets.UTF_8));
    }

    void write(Stanza stanza) {
        ByteBuf out = channel.alloc().buffer(stanza.octets());
        try (ByteBufOutputStream stream = new ByteBufOutputStream(out)) {
            stanza.writeTo(stream);
        } catch (IOException e) {
            throw new IllegalStateException("a buffer in memory cannot fail", e);
        }
        channel.writeAndFlush(out);
    }

    /** Sends what was written, then closes. As at real servers nothing goes this way from now on. */
    void close() {
        closing = true;
        gone();
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> channel.close());
    }

    /** Closes at once, with a reset where that is possible. */
    void cut() {
        try {
            ((SocketChannel) channel).config().setSoLinger(0);
        } catch (ChannelException e) {
            // The other side was faster.
            restart = false;
        }
        channel.close();
    }

    static Stanza stanza(Frame frame) {
        StartTag tag = frame.startTag();
        for (Stanza.Kind kind : Stanza.Kind.values()) {
            if (kind.xmlName().equals(tag.localName())) {
                return new Stanza(
                        kind,
                        tag.name(),
                        tag.attributes(),
                        frame.octets(),
                        frame.contentOffset(),
                        frame.contentLength(),
                        frame.children());
            }
        }
        return null;
    }

    static StanzaError error(String condition) {
        StanzaError.Condition defined = StanzaError.Condition.of(condition);
        return new StanzaError(defined, defined.usualType(), null, null);
    }

    /** The same stanza between other addresses; null leaves one out. */
    static Stanza addressed(Stanza stanza, String from, String to) {
        List<Attribute> attributes = new ArrayList<>();
        for (Attribute attribute : stanza.attributes()) {
            if (!attribute.name().equals("from")
                    && !attribute.name().equals("to")
                    && !attribute.name().equals("xmlns")) {
                attributes.add(attribute);
            }
        }
        if (from != null) {
            attributes.add(new Attribute("from", from));
        }
        if (to != null) {
            attributes.add(new Attribute("to", to));
        }
        byte[] content = stanza.content();
        return new Stanza(
                stanza.kind(), stanza.kind().xmlName(), attributes, content, 0, content.length, stanza.children());
    }

    static String newId() {
        return UUID.randomUUID().toString().substring(0, 13).toLowerCase(Locale.ROOT);
    }

    private StanzaFramer newFramer() {
        return new StanzaFramer(FramerLimits.of(MAX_STANZA), this);
    }
}
