package org.clientproxy.stream;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLContext;
import org.clientproxy.xmpp.Namespaces;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of a {@link ComponentConnection}, from the look-up of the server on: it connects, and joins those who do the
 * rest. What comes is {@link StreamProtocol}'s, what goes out {@link StreamWriter}'s, the end {@link StreamClose}'s. Used on
 * the loop only.
 */
final class StreamLink implements Dialer.Outcome, KeepAlive.Watched {
    private static final Logger LOG = LoggerFactory.getLogger(StreamLink.class);

    /** The stream that the connection is of. */
    interface Owner {
        /** The handshake is done: the stream is ready from now on. */
        void ready();

        /** The connection is over, for this reason; once. */
        void down(ServerRefusal reason);

        /** Sends what the connection itself has to say. */
        void send(Stanza stanza) throws StanzaNotSentException;

        /** Whether nothing is to be read for now. */
        boolean isPaused();
    }

    private final StreamParts parts;
    private final StreamSettings settings;
    private final String keepAliveTo;
    private final Owner owner;
    final KeepAlive keepAlive;
    private final Dialer dialer;
    private final StreamClose close;
    private boolean dialing;
    /** Null until there is a connection. */
    private @Nullable StreamWriter writer;

    /**
     * @param pingLimit how long the server may take to show a sign of life after a ping
     * @param keepAliveTo the address that a ping goes to
     */
    StreamLink(StreamParts parts, Duration pingLimit, String keepAliveTo, Owner owner) {
        this.parts = parts;
        this.settings = parts.settings();
        this.keepAliveTo = keepAliveTo;
        this.owner = owner;
        this.keepAlive = new KeepAlive(parts.loop(), settings.keepAlive(), pingLimit, this);
        this.dialer = new Dialer(parts.eventLoop(), parts.loop(), settings.port(), keepAlive::signOfLife, this);
        this.close = new StreamClose(parts, dialer, owner::down);
    }

    /** Looks the server up, which may take no longer than to connect to one of its addresses, and connects. */
    void connect() {
        close.later(settings.connectTimeout(), () -> {
            if (!dialing && writer == null) {
                end("the name " + settings.host() + " (xmpp.host) was not looked up within "
                        + settings.connectTimeout().toMillis() + " ms");
            }
        });
        try {
            parts.addresses().find().whenCompleteAsync(this::lookedUp, parts.eventLoop());
        } catch (Throwable e) {
            // There may be no thread to be had; whatever it is, the next attempt is due all the same.
            lookedUp(null, e);
        }
    }

    private void lookedUp(InetAddress @Nullable [] addresses, @Nullable Throwable failure) {
        if (close.isOver()) {
            return;
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (addresses != null && addresses.length > 0) {
            dialing = true;
            try {
                dialer.dial(parts.addresses().inOrder(addresses), settings.connectTimeout());
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
    public void connected(Channel channel, InetAddress address) {
        close.connected(channel);
        parts.addresses().connected(address);
        try {
            StreamWriter made = new StreamWriter(parts, owner::isPaused, keepAlive, close, channel);
            writer = made;
            StreamProtocol protocol = new StreamProtocol(parts, this, keepAlive, close, made);
            SSLContext ssl = settings.sslContext();
            if (ssl != null) {
                channel.pipeline().addLast(Tls.handler(ssl, settings));
            }
            channel.pipeline().addLast(new StreamHandler(settings, protocol, made, close));
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

    /** The handshake is done. */
    void ready() {
        close.ready();
        parts.addresses().ready();
        owner.ready();
        keepAlive.watch();
    }

    /** Something waits to be written, or it has changed whether anything is to be read. */
    void flushSoon() {
        if (writer != null) {
            writer.flushSoon();
        }
    }

    /** Writes what may be written. */
    void flush() {
        if (writer != null) {
            writer.flush();
        }
    }

    /** Closes the stream when everything is written, or the time for that is over. */
    void stop(Duration limit) {
        flush();
        close.stop(limit);
    }

    /** Closes the stream, if it is ready, for the sake of another one. */
    void renew() {
        close.renew();
    }

    /** The stream may not be any more: it is closed in order, or not opened. */
    void withdraw() {
        switch (parts.life().state()) {
            case READY -> close.renew();
            case CLOSING -> LOG.debug("{}: is being closed already", settings);
            default -> end("it is not this process's turn to connect");
        }
    }

    @Override
    public boolean isReady() {
        return !close.isOver() && parts.life().isReady();
    }

    @Override
    public String pingId() {
        return parts.user().pingId();
    }

    @Override
    public void ping(String id) {
        String child = "<ping xmlns='" + Namespaces.PING + "'/>";
        try {
            send(Stanza.of(Stanza.Kind.IQ, "get", id, settings.domain(), keepAliveTo, child));
        } catch (StanzaNotSentException e) {
            LOG.debug("no ping: {}", e.getMessage());
        }
    }

    void send(Stanza stanza) throws StanzaNotSentException {
        owner.send(stanza);
    }

    @Override
    public void end(String words) {
        close.end(words);
    }
}
