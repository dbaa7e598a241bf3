package org.clientproxy.stream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the socket of one connection tells, handed to those whom it concerns. */
final class StreamHandler extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(StreamHandler.class);

    private final StreamSettings settings;
    private final StreamProtocol protocol;
    private final StreamWriter writer;
    private final StreamClose close;

    StreamHandler(StreamSettings settings, StreamProtocol protocol, StreamWriter writer, StreamClose close) {
        this.settings = settings;
        this.protocol = protocol;
        this.writer = writer;
        this.close = close;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (settings.sslContext() == null) {
            protocol.open();
        }
    }

    /** With TLS nothing of ours is said before the server has shown who it is. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake && !close.isOver()) {
            if (handshake.isSuccess()) {
                protocol.open();
            } else {
                noTls(handshake.cause());
            }
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            if (!close.isOver()) {
                writer.readsBegin();
                protocol.feed(in);
            }
        } finally {
            in.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        writer.readsEnd();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        writer.flush();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        close.end("the connection was closed by the server");
    }

    @Override
    @SuppressWarnings("deprecation") // Netty deprecates it for handlers of outbound events only
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (settings.sslContext() != null && Tls.isOf(cause)) {
            noTls(cause);
            return;
        }
        LOG.debug("{}: connection failed", settings, cause);
        close.end("the connection broke: " + (cause.getMessage() == null ? cause.toString() : cause.getMessage()));
    }

    private void noTls(Throwable cause) {
        LOG.debug("{}: no TLS", settings, cause);
        close.noTls(cause);
    }
}
