package org.clientproxy.stream;
import org.clientproxy.xml.StreamErrorException;
import org.clientproxy.xml.StartTag;
import org.clientproxy.xml.StanzaReader;
import org.clientproxy.xml.StanzaFramer;
import org.clientproxy.xml.SkipReason;
import org.clientproxy.xml.FramerLimits;
import org.clientproxy.xml.Frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelProgressiveFuture;
import io.netty.channel.ChannelProgressiveFutureListener;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLContext;
import org.clientproxy.xmpp.Namespaces;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StreamError;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One TCP connection of a {@link ComponentConnection}: the handshake of XEP-0114 §3, the keep-alive, the back-pressure, and
 * the close. Everything happens on the loop.
 */
final class StreamLink extends ChannelInboundHandlerAdapter
        implements StanzaFramer.Handler, Dialer.Outcome, KeepAlive.Watched {
    private static final Logger LOG = LoggerFactory.getLogger(StreamLink.class);

    /** How long the server may take from our header to its {@code <handshake/>}. */
    private static final Duration OPENING_LIMIT = Duration.ofSeconds(15);

    /** How long the server may take to close its side after we closed ours. */
    private static final Duration CLOSING_LIMIT = Duration.ofSeconds(2);

    /**
     * While what waits to be written takes more heap than this, in octets, nothing is read. Requests are refused long before;
     * it is read on for so long because a server may be unable to read while nobody reads from it (ejabberd), and both would
     * wait for ever.
     */
    private static final long HIGH_WATER = Outbox.HIGH_WATER;

    private static final long LOW_WATER = HIGH_WATER / 2;

    /**
     * Within a batch of reads what is to be written waits for its end, so that one system call writes all; but not longer than
     * this, that the server need not wait for the last stanza to have the answer to the first (30 µs). Each further time in
     * the same batch it waits longer, so that a large batch costs a few system calls, not many.
     */
    private static final long PATIENCE_NANOS = 30_000;

    private static final int PATIENCE_GROWTH = 3;

    private final ComponentConnection owner;
    private final StreamSettings settings;
    private final StanzaFramer framer;
    final KeepAlive keepAlive;
    private final Dialer dialer;
    private @Nullable Channel channel;
    private @Nullable StanzaReader reader;
    private @Nullable ServerRefusal reason;
    private boolean dialing;
    private boolean reading;
    private long patience = PATIENCE_NANOS;
    private boolean wasReady;
    private boolean over;
    private boolean closingOnPurpose;

    StreamLink(ComponentConnection owner, EventLoop eventLoop) {
        this.owner = owner;
        this.settings = owner.settings();
        this.framer = new StanzaFramer(FramerLimits.of(settings.maxStanzaSize()), this);
        this.keepAlive = new KeepAlive(owner.loop(), settings.keepAlive(), owner.pingLimit, this);
        this.dialer = new Dialer(eventLoop, owner.loop(), settings.port(), keepAlive::signOfLife, this);
    }

    /** The server's addresses are being looked up, which may take no longer than to connect to one of them. */
    void awaitAddresses() {
        later(settings.connectTimeout(), () -> {
            if (!dialing && channel == null) {
                end("the name " + settings.host() + " (xmpp.host) was not looked up within "
                        + settings.connectTimeout().toMillis() + " ms");
            }
        });
    }

    /** The look-up is over, with addresses or a failure. */
    void lookedUp(InetAddress @Nullable [] addresses, @Nullable Throwable failure) {
        if (over || !owner.isCurrent(this)) {
            return;
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (addresses != null && addresses.length > 0) {
            dialing = true;
            try {
                dialer.dial(AddressOrder.of(addresses, owner.lastFailedAddress), settings.connectTimeout());
            } catch (Throwable e) {
                failedOurselves(e);
            }
        } else if (cause == null || cause instanceof UnknownHostException) {
            end("the name " + settings.host() + " is not known (xmpp.host)");
        } else {
            LOG.debug("{}: the look-up failed", settings, cause);
            end("the name " + settings.host() + " (xmpp.host) cannot be looked up: " + cause);
        }
    }

    @Override
    public void connected(Channel connected, InetAddress address) {
        channel = connected;
        // Unless a stream becomes ready there, the others are tried before it next time.
        owner.lastFailedAddress = address;
        try {
            SSLContext ssl = settings.sslContext();
            if (ssl != null) {
                connected.pipeline().addLast(Tls.handler(ssl, settings));
            }
            connected.pipeline().addLast(this);
        } catch (Throwable e) {
            failedOurselves(e);
        }
    }

    /** Whatever it is, the next attempt is due. */
    private void failedOurselves(Throwable cause) {
        LOG.error("{}: cannot connect", settings, cause);
        end("cannot connect: " + cause);
    }

    @Override
    public void failed() {
        end("no connection to " + settings.host());
    }

    /** Whether a batch of reads is being handled, at whose end, if not before, everything is flushed. */
    boolean isReading() {
        return reading;
    }

    /** Writes as much of the outbox as the socket takes; the rest comes when it takes more. */
    void flush() {
        Channel open = channel;
        if (open == null || owner.state() != StreamState.READY) {
            return;
        }
        boolean written = false;
        if (!owner.outbox.isEmpty() && open.isWritable()) {
            owner.beforeWrites();
        }
        while (!owner.outbox.isEmpty() && open.isWritable()) {
            Outbox.Batch batch = owner.outbox.next(open.alloc());
            int octets = batch.octets().readableBytes();
            if (settings.sslContext() != null) {
                // How much of it has left is known to TLS only, so all of it counts as begun.
                batch.written(octets);
            }
            owner.counters().octetsOut.add(octets);
            open.write(batch.octets(), open.newProgressivePromise().addListener(new Progress(batch)));
            written = true;
        }
        if (written) {
            open.flush();
        }
        regulateReading();
    }

    private void flushWhatHasWaited() {
        if (owner.outbox.waitingNanos() > patience && channel != null && channel.isWritable()) {
            patience *= PATIENCE_GROWTH;
            flush();
        }
    }

    /** Closes the stream when everything is written, or the time for that is over. */
    void stop(Duration limit) {
        if (owner.state() != StreamState.READY) {
            closingOnPurpose = true;
            end("stopped");
            return;
        }
        closingOnPurpose = true;
        flush();
        later(limit, () -> close(null));
        closeWhenIdle();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (settings.sslContext() == null) {
            openStream();
        }
    }

    /** With TLS nothing of ours is said before the server has shown who it is. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake && !over) {
            if (handshake.isSuccess()) {
                openStream();
            } else {
                tlsFailed(handshake.cause());
            }
        }
    }

    private void tlsFailed(Throwable cause) {
        LOG.debug("{}: no TLS", settings, cause);
        if (reason == null) {
            reason = Tls.refusal(cause, settings);
        }
        end("no TLS");
    }

    private void openStream() {
        owner.become(StreamState.OPENING);
        write(Handshake.header(settings.domain()));
        later(OPENING_LIMIT, () -> {
            if (owner.state() == StreamState.OPENING || owner.state() == StreamState.HANDSHAKING) {
                end("the server did not finish the handshake within " + OPENING_LIMIT.toSeconds() + " s");
            }
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            if (over) {
                return;
            }
            reading = true;
            keepAlive.signOfLife();
            owner.counters().octetsIn.add(in.readableBytes());
            framer.feed(in);
        } catch (StreamErrorException e) {
            reason = new ServerRefusal("the server sent what is not XMPP: " + e.getMessage(), false, false);
            close(e.error());
        } finally {
            in.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        reading = false;
        patience = PATIENCE_NANOS;
        flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        flush();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end("the connection was closed by the server");
    }

    @Override
    @SuppressWarnings("deprecation") // Netty deprecates it for handlers of outbound events only
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (settings.sslContext() != null && Tls.isOf(cause)) {
            tlsFailed(cause);
            return;
        }
        LOG.debug("{}: connection failed", settings, cause);
        end("the connection broke: " + message(cause));
    }

    @Override
    public void streamHeader(StartTag header) {
        if (owner.state() != StreamState.OPENING) {
            return;
        }
        String id = header.attribute("id");
        if (!header.localName().equals("stream") || !header.namespace().equals(Namespaces.STREAM)) {
            end("the server does not speak XMPP on port " + settings.port() + " (xmpp.port)");
        } else if (!Namespaces.COMPONENT.equals(header.streamNamespaces().get(""))
                && !header.streamNamespaces().containsValue(Namespaces.COMPONENT)) {
            refused(new StreamError(StreamError.Condition.INVALID_NAMESPACE, null));
        } else if (id != null && !id.isEmpty()) {
            reader = new StanzaReader(header);
            owner.become(StreamState.HANDSHAKING);
            write("<handshake>" + Handshake.digest(id, settings.secret()) + "</handshake>");
        }
        // Without an id no digest is made; the server's error follows (Prosody: host-unknown).
    }

    @Override
    public void element(Frame frame) {
        if (over) {
            return;
        }
        StartTag tag = frame.startTag();
        if (tag.localName().equals("error") && tag.namespace().equals(Namespaces.STREAM)) {
            refused(ServerRefusal.read(frame));
        } else if (owner.state() == StreamState.HANDSHAKING) {
            if (tag.localName().equals("handshake") && tag.namespace().equals(Namespaces.COMPONENT)) {
                ready();
            }
        } else if (owner.state() == StreamState.READY && reader != null) {
            Stanza stanza = reader.read(frame);
            if (stanza == null) {
                owner.counters().dropped(StreamCounters.Drop.NOT_A_STANZA);
            } else if (keepAlive.swallows(stanza) || !owner.check.accepts(stanza)) {
                return;
            } else if (owner.skipped.leavesRoom(stanza, frame.contentOffset())) {
                deliver(stanza);
            } else {
                skipped(stanza, SkipReason.TOO_LARGE, frame.octets().length);
            }
        }
    }

    private void deliver(Stanza stanza) {
        owner.counters().stanzasIn.increment();
        owner.deliver(stanza);
        flushWhatHasWaited();
    }

    @Override
    public void skipped(@Nullable StartTag startTag, SkipReason skipReason, long octets) {
        LOG.debug("{}: passed over an element of {} octets: {}", settings, octets, skipReason);
        Stanza stanza = owner.state() == StreamState.READY && startTag != null && reader != null
                ? reader.read(new Frame(startTag, new byte[0], 0, 0, 1))
                : null;
        if (stanza == null) {
            owner.counters().dropped(StreamCounters.Drop.SKIPPED);
        } else if (!keepAlive.swallows(stanza) && owner.check.accepts(stanza)) {
            skipped(stanza, skipReason, octets);
        }
    }

    /** The same of a stanza that is for us. */
    private void skipped(Stanza stanza, SkipReason skipReason, long octets) {
        Stanza answer = null;
        if (stanza.isReply() && stanza.id() != null) {
            deliver(owner.skipped.standIn(stanza, skipReason, octets));
            return;
        }
        if (stanza.isRequest() && stanza.id() != null) {
            answer = owner.skipped.refusal(stanza, skipReason);
        }
        if (answer == null) {
            owner.counters().dropped(StreamCounters.Drop.SKIPPED);
            return;
        }
        try {
            owner.send(answer);
        } catch (StanzaNotSentException e) {
            LOG.warn("an answer was not sent, {}: {}", e.getMessage(), answer);
        }
    }

    @Override
    public void streamEnd() {
        if (owner.state() == StreamState.CLOSING) {
            // Both sides have ended the stream; whoever sees that first closes the connection.
            end("closed");
            return;
        }
        if (reason == null) {
            reason = new ServerRefusal("the server closed the stream", false, false);
        }
        close(null);
    }

    private void ready() {
        wasReady = true;
        owner.lastFailedAddress = null;
        owner.ready();
        keepAlive.watch();
    }

    private void refused(StreamError error) {
        reason = ServerRefusal.of(error, settings, wasReady);
        close(null);
    }

    private void regulateReading() {
        Channel open = channel;
        if (open == null) {
            return;
        }
        long heap = owner.outbox.heap();
        if ((heap > HIGH_WATER || owner.isPaused()) && open.config().isAutoRead()) {
            if (heap > HIGH_WATER && owner.slowness.admit("slow") >= 0) {
                LOG.warn("{}: the server reads too slowly; nothing more is read from it until it does", settings);
            }
            open.config().setAutoRead(false);
        } else if (heap < LOW_WATER && !owner.isPaused() && !open.config().isAutoRead()) {
            keepAlive.signOfLife();
            open.config().setAutoRead(true);
        }
    }

    private void closeWhenIdle() {
        if (closingOnPurpose && owner.outbox.isIdle()) {
            close(null);
        }
    }

    /** Closes our side of the stream, with an error if there is one, and the connection when the server has done so too. */
    private void close(@Nullable StreamError error) {
        Channel open = channel;
        StreamState state = owner.state();
        if (over || state == StreamState.CLOSING || open == null) {
            return;
        }
        if (state == StreamState.CONNECTING) {
            end("closed");
            return;
        }
        boolean serverIsDone = reason != null && error == null;
        owner.become(StreamState.CLOSING);
        open.config().setAutoRead(true);
        write((error == null ? "" : error.toXml()) + "</stream:stream>");
        if (serverIsDone || error != null) {
            // What is flushed still goes out before the channel closes.
            open.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> end("closed"));
        } else {
            later(CLOSING_LIMIT, () -> end("closed"));
        }
    }

    /** Ends this connection for the sake of another one; what the socket was given still goes out. */
    void renew() {
        if (owner.state() == StreamState.READY) {
            close(null);
        } else {
            end("closed");
        }
    }

    @Override
    public boolean isReady() {
        return !over && owner.state() == StreamState.READY;
    }

    @Override
    public void ping(String id) {
        String child = "<ping xmlns='" + Namespaces.PING + "'/>";
        try {
            owner.send(Stanza.of(Stanza.Kind.IQ, "get", id, settings.domain(), owner.keepAliveTo(), child));
        } catch (StanzaNotSentException e) {
            LOG.debug("no ping: {}", e.getMessage());
        }
    }

    /** The connection is over, for this reason unless the server gave one. */
    @Override
    public void end(String words) {
        if (over) {
            return;
        }
        over = true;
        dialer.cancel();
        if (channel != null) {
            channel.close();
        }
        if (owner.isCurrent(this)) {
            owner.down(withFailures(reason == null ? new ServerRefusal(words, false, false) : reason));
        }
    }

    /** With what was tried before, if a connection was made in vain, or none at all. */
    private ServerRefusal withFailures(ServerRefusal refusal) {
        String failures = wasReady ? "" : dialer.failures();
        if (failures.isEmpty()) {
            return refusal;
        }
        String words = channel == null
                ? refusal.words() + ": " + failures
                : refusal.words() + " (before that, no connection: " + failures + ')';
        return new ServerRefusal(words, refusal.slow(), refusal.ours());
    }

    private void write(String xml) {
        if (channel != null) {
            channel.writeAndFlush(Unpooled.copiedBuffer(xml, StandardCharsets.UTF_8));
        }
    }

    /** Runs the task after the delay, unless the connection is over by then. */
    void later(Duration delay, Runnable task) {
        owner.loop()
                .schedule(
                        () -> {
                            if (!over) {
                                task.run();
                            }
                        },
                        delay.toNanos());
    }

    private static String message(Throwable cause) {
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    /** Follows a batch on its way to the socket. */
    private final class Progress implements ChannelProgressiveFutureListener {
        private final Outbox.Batch batch;

        Progress(Outbox.Batch batch) {
            this.batch = batch;
        }

        @Override
        public void operationProgressed(ChannelProgressiveFuture future, long progress, long total) {
            batch.written(progress);
        }

        @Override
        public void operationComplete(ChannelProgressiveFuture future) {
            if (future.isSuccess() && !over) {
                owner.outbox.done(batch);
                regulateReading();
                closeWhenIdle();
            }
        }
    }
}
