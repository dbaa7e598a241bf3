package org.clientproxy.stream;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import org.clientproxy.xml.StreamErrorException;
import org.clientproxy.xmpp.StreamError;
import org.jspecify.annotations.Nullable;

/**
 * The end of one connection: how our side of the stream is closed, when the connection is over, and for which reason. Used on
 * the loop only.
 */
final class StreamClose {
    /** How long the server may take to close its side after we closed ours. */
    private static final Duration CLOSING_LIMIT = Duration.ofSeconds(2);

    private final StreamSettings settings;
    private final StreamLoop loop;
    private final StreamLife life;
    private final Outbox outbox;
    private final Dialer dialer;
    private final Consumer<ServerRefusal> down;
    private @Nullable Channel channel;
    private @Nullable ServerRefusal reason;
    private boolean wasReady;
    private boolean onPurpose;
    private boolean over;
    private boolean forAnother;

    /** @param down told once, when the connection is over, why that is */
    StreamClose(StreamParts parts, Dialer dialer, Consumer<ServerRefusal> down) {
        this.settings = parts.settings();
        this.loop = parts.loop();
        this.life = parts.life();
        this.outbox = parts.outbox();
        this.dialer = dialer;
        this.down = down;
    }

    /** There is a connection to be closed now. */
    void connected(Channel connected) {
        channel = connected;
    }

    /** The stream in this connection is ready. */
    void ready() {
        wasReady = true;
    }

    /** Whether our side is closed, and what the server still sends is to be handled: what it leads to goes another way. */
    boolean takesMore() {
        return forAnother && life.state() == StreamState.CLOSING;
    }

    boolean isOver() {
        return over;
    }

    /** Runs the task after the delay, unless the connection is over by then. */
    void later(Duration delay, Runnable task) {
        loop.schedule(
                () -> {
                    if (!over) {
                        task.run();
                    }
                },
                delay.toNanos());
    }

    /** Closes the stream when everything is written, or the time for that is over. */
    void stop(Duration limit) {
        onPurpose = true;
        if (!life.isReady()) {
            end("stopped");
            return;
        }
        later(limit, () -> close(null));
        closeWhenIdle();
    }

    /** To be called when something was written. */
    void closeWhenIdle() {
        if (onPurpose && outbox.isIdle()) {
            close(null);
        }
    }

    /** Closes the stream, if it is ready, for the sake of another one; what the socket was given still goes out. */
    void renew() {
        if (life.isReady()) {
            forAnother = true;
            close(null);
        }
    }

    /** The server has ended the stream with this error, or takes no component. */
    void refused(StreamError error) {
        reason = ServerRefusal.by(error, settings, wasReady);
        close(null);
    }

    /** The server sent what ends a stream. */
    void wrong(StreamErrorException error) {
        reason = new ServerRefusal("the server sent what is not XMPP: " + error.getMessage(), false, false);
        close(error.error());
    }

    /** There is no TLS with this server. */
    void noTls(Throwable cause) {
        if (reason == null) {
            reason = Tls.refusal(cause, settings);
        }
        end("no TLS");
    }

    /** The server has closed its side of the stream. */
    void serverClosed() {
        if (life.state() == StreamState.CLOSING) {
            // Both sides have ended the stream; whoever sees that first closes the connection.
            end("closed");
            return;
        }
        if (reason == null) {
            reason = new ServerRefusal("the server closed the stream", false, false);
        }
        close(null);
    }

    /** Closes our side of the stream, with an error if there is one, and the connection when the server has done so too. */
    private void close(@Nullable StreamError error) {
        Channel open = channel;
        StreamState state = life.state();
        if (over || state == StreamState.CLOSING || open == null) {
            return;
        }
        if (state == StreamState.CONNECTING) {
            end("closed");
            return;
        }
        boolean serverIsDone = reason != null && error == null;
        life.become(StreamState.CLOSING);
        open.config().setAutoRead(true);
        String last = (error == null ? "" : error.toXml()) + "</stream:stream>";
        open.writeAndFlush(Unpooled.copiedBuffer(last, StandardCharsets.UTF_8));
        if (serverIsDone || error != null) {
            // What is flushed still goes out before the channel closes.
            open.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> end("closed"));
        } else {
            later(CLOSING_LIMIT, () -> end("closed"));
        }
    }

    /** The connection is over, for this reason unless the server gave one. */
    void end(String words) {
        if (over) {
            return;
        }
        over = true;
        dialer.cancel();
        if (channel != null) {
            channel.close();
        }
        down.accept(withFailures(reason == null ? new ServerRefusal(words, false, false) : reason));
    }

    /** With what was tried before, if a connection was made in vain, or none at all. */
    private ServerRefusal withFailures(ServerRefusal refusal) {
        String failures = wasReady ? "" : dialer.failures();
        if (failures.isEmpty()) {
            return refusal;
        }
        String words = channel == null
                ? refusal.words() + ": " + failures
                        + "; the server must run there and take components there (xmpp.host, xmpp.port)"
                : refusal.words() + " (before that, no connection: " + failures + ')';
        return refusal.inWords(words);
    }
}
