package org.clientproxy.stream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a server can be reached at one of its addresses, and whom it shows itself to be by TLS. It connects as a
 * component's stream does, says no word of XMPP, and hangs up. One use.
 */
public final class ServerTrial {
    /**
     * How it went.
     *
     * @param address address and port, as they are usually written
     * @param unreachable why there was no connection; null: there was one
     * @param noTls why there was no TLS, and what to do; null: there was, or none was asked for
     * @param chain the server's certificate and those that vouch for it; empty without TLS
     */
    public record Outcome(
            String address,
            @Nullable String unreachable,
            @Nullable String noTls,
            List<X509Certificate> chain) {}

    private final InetAddress server;
    private final StreamSettings settings;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

    private ServerTrial(InetAddress server, StreamSettings settings) {
        this.server = server;
        this.settings = settings;
    }

    /** All addresses of the host of these settings. It ends when the operating system does; nothing waits for that but who wants to. */
    public static CompletableFuture<InetAddress[]> lookUp(StreamSettings settings) {
        return new ServerAddresses(settings.host()).find();
    }

    /**
     * Tries one address. It takes no longer than {@code connectTimeout} for the connection, and so long again for TLS.
     *
     * @return completed on the loop; never exceptionally
     */
    public static CompletableFuture<Outcome> of(InetAddress server, StreamSettings settings, EventLoop eventLoop) {
        ServerTrial trial = new ServerTrial(server, settings);
        eventLoop.execute(() -> trial.begin(eventLoop));
        return trial.outcome;
    }

    private void begin(EventLoop eventLoop) {
        Connecting connecting = new Connecting();
        Dialer dialer = new Dialer(eventLoop, new NettyLoop(eventLoop), settings.port(), () -> {}, connecting);
        connecting.dialer = dialer;
        dialer.dial(List.of(server), settings.connectTimeout());
    }

    private void end(@Nullable String unreachable, @Nullable String noTls, List<X509Certificate> chain) {
        outcome.complete(new Outcome(
                NetUtil.toSocketAddressString(new InetSocketAddress(server, settings.port())),
                unreachable,
                noTls,
                chain));
    }

    private final class Connecting implements Dialer.Outcome {
        private @Nullable Dialer dialer;

        @Override
        public void connected(Channel channel, InetAddress address) {
            SSLContext ssl = settings.sslContext();
            if (ssl == null) {
                end(null, null, List.of());
                channel.close();
                return;
            }
            SslHandler tls = Tls.handler(ssl, settings);
            channel.pipeline().addLast(tls, new Greeting(tls));
        }

        @Override
        public void failed() {
            // Dialer says the address before the reason.
            String failures = dialer == null ? "" : dialer.failures();
            end(failures.substring(failures.indexOf(": ") + 2), null, List.of());
        }
    }

    /** Waits for the end of the TLS handshake. */
    private final class Greeting extends ChannelInboundHandlerAdapter {
        private final SslHandler tls;

        private Greeting(SslHandler tls) {
            this.tls = tls;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof SslHandshakeCompletionEvent handshake) {
                if (handshake.isSuccess()) {
                    end(null, null, chain());
                } else {
                    end(null, Tls.refusal(handshake.cause(), settings).words(), List.of());
                }
                context.close();
            }
        }

        private List<X509Certificate> chain() {
            List<X509Certificate> chain = new ArrayList<>();
            try {
                for (Certificate each : tls.engine().getSession().getPeerCertificates()) {
                    if (each instanceof X509Certificate certificate) {
                        chain.add(certificate);
                    }
                }
            } catch (SSLPeerUnverifiedException e) {
                // A server may show none where none is wanted.
                return List.of();
            }
            return chain;
        }

        @Override
        @SuppressWarnings("deprecation") // Netty deprecates it for handlers of outbound events only
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            // The handshake has failed for it already, or is over.
            end(null, Tls.refusal(cause, settings).words(), List.of());
            context.close();
        }
    }
}
