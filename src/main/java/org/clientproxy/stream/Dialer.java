package org.clientproxy.stream;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes one TCP connection to a server that may have several addresses: tries them in turn (RFC 6120 §3.2.1), each for its
 * share of the time that is left, until one takes the connection. Used on the loop only.
 */
final class Dialer {
    /** Hears how it ends, once, on the loop. */
    interface Outcome {
        /** This address took the connection. Handlers may be added now; nothing was read yet, and the channel is not active. */
        void connected(Channel channel, InetAddress address);

        /** No address did. */
        void failed();
    }

    private final EventLoop eventLoop;
    private final StreamLoop loop;
    private final int port;
    private final Runnable drained;
    private final Outcome outcome;
    private final Deque<InetAddress> left = new ArrayDeque<>();
    private final StringBuilder failures = new StringBuilder();
    private long deadline;
    private @Nullable Channel trying;
    private boolean over;

    /** @param drained as {@link WatchedSocket} has it */
    Dialer(EventLoop eventLoop, StreamLoop loop, int port, Runnable drained, Outcome outcome) {
        this.eventLoop = eventLoop;
        this.loop = loop;
        this.port = port;
        this.drained = drained;
        this.outcome = outcome;
    }

    /** Tries these addresses, of which there is one at least, in this order. */
    void dial(List<InetAddress> addresses, Duration limit) {
        left.addAll(addresses);
        deadline = loop.nanoTime() + limit.toNanos();
        next();
    }

    /** Gives up; nobody hears of it. */
    void cancel() {
        over = true;
        if (trying != null) {
            trying.close();
        }
    }

    /** The addresses that did not take the connection so far, each with the reason; empty: there are none. */
    String failures() {
        return failures.toString();
    }

    private void next() {
        InetAddress address = left.poll();
        if (address == null) {
            over = true;
            outcome.failed();
            return;
        }
        long millis = (deadline - loop.nanoTime()) / 1_000_000 / (left.size() + 1);
        int share = (int) Math.max(1, Math.min(Integer.MAX_VALUE, millis));
        ChannelFuture connecting = new Bootstrap()
                .group(eventLoop)
                .channelFactory(() -> new WatchedSocket(drained))
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, share)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel initialized) {
                        // Handlers are added when it is known that this is the connection.
                    }
                })
                .connect(new InetSocketAddress(address, port));
        trying = connecting.channel();
        connecting.addListener(connected -> {
            trying = null;
            if (over) {
                connecting.channel().close();
            } else if (connected.isSuccess()) {
                over = true;
                outcome.connected(connecting.channel(), address);
            } else {
                failed(new InetSocketAddress(address, port), connected.cause(), share);
            }
        });
    }

    private void failed(InetSocketAddress address, Throwable cause, int share) {
        String why = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        // Netty says the address, too.
        why = cause instanceof ConnectTimeoutException
                ? "no answer within " + share + " ms"
                : why.replace(": " + address, "");
        failures.append(failures.isEmpty() ? "" : "; ")
                .append(NetUtil.toSocketAddressString(address))
                .append(": ")
                .append(why);
        next();
    }
}
