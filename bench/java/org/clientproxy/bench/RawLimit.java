package org.clientproxy.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The least that can do the job: Netty, a parser that finds the ends of stanzas and three attributes and believes all that it
 * reads, a map, and one timer. Nothing of it is ours, so that it also shows what our own stream costs.
 */
final class RawLimit extends ChannelInboundHandlerAdapter {
    private record Pending(String key, String id, String from, String to, long deadline) {}

    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Stanzas stanzas = new Stanzas();
    private final List<String> resources = new ArrayList<>();
    private final Map<String, Pending> pending = new HashMap<>();
    private final ArrayDeque<Pending> deadlines = new ArrayDeque<>();
    private ByteBuf out;
    private int turn;

    public static void main(String[] arguments) {
        new Bootstrap()
                .group(new NioEventLoopGroup(1))
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new RawLimit());
                    }
                })
                .connect("127.0.0.1", Integer.parseInt(arguments[0]));
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        write(
                context,
                "<stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' to='"
                        + Load.DOMAIN + "'>");
        flush(context);
        context.executor().scheduleAtFixedRate(this::expire, 1, 1, TimeUnit.SECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            stanzas.append(in);
            while (stanzas.next()) {
                handle(context);
            }
        } finally {
            in.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        flush(context);
    }

    private void handle(ChannelHandlerContext context) {
        if (stanzas.is("iq")) {
            String type = stanzas.attribute("type");
            if (type.equals("get") || type.equals("set")) {
                request(context, type);
            } else {
                reply(context, type);
            }
        } else if (stanzas.is("stream:stream")) {
            // The load asks for no digest.
            write(context, "<handshake>0</handshake>");
        } else if (stanzas.is("handshake")) {
            write(context, "<presence type='subscribe' from='" + Load.DOMAIN + "' to='" + Load.TARGET + "'/>");
        } else if (stanzas.is("presence")) {
            if (stanzas.attribute("type").equals("subscribed")) {
                write(context, "<presence type='probe' from='" + Load.DOMAIN + "' to='" + Load.TARGET + "'/>");
            } else {
                resources.add(stanzas.attribute("from"));
            }
        }
    }

    private void request(ChannelHandlerContext context, String type) {
        String id = stanzas.attribute("id");
        String from = stanzas.attribute("from");
        String token =
                Base64.getUrlEncoder().withoutPadding().encodeToString(from.getBytes(StandardCharsets.ISO_8859_1));
        String resource = resources.get(turn++ % resources.size());
        String encodedFrom = Load.DOMAIN + '/' + token;
        Pending opened = new Pending(
                key(resource, encodedFrom, id), id, from, stanzas.attribute("to"), System.nanoTime() + TIMEOUT_NANOS);
        pending.put(opened.key(), opened);
        deadlines.add(opened);
        forward(context, type, id, encodedFrom, resource);
    }

    private void reply(ChannelHandlerContext context, String type) {
        Pending found =
                pending.remove(key(stanzas.attribute("from"), stanzas.attribute("to"), stanzas.attribute("id")));
        if (found != null) {
            forward(context, type, found.id(), found.to(), found.from());
        }
    }

    private void forward(ChannelHandlerContext context, String type, String id, String from, String to) {
        write(context, "<iq type='" + type + "' id='" + id + "' from='" + from + "' to='" + to + '\'');
        stanzas.writeBody(out);
    }

    private void expire() {
        long now = System.nanoTime();
        while (!deadlines.isEmpty() && (deadlines.peek().deadline() - now < 0 || isOver(deadlines.peek()))) {
            Pending expired = deadlines.remove();
            pending.remove(expired.key(), expired);
        }
    }

    private boolean isOver(Pending first) {
        return pending.get(first.key()) != first;
    }

    private static String key(String resource, String encodedFrom, String id) {
        return resource + '\n' + encodedFrom + '\n' + id;
    }

    private void write(ChannelHandlerContext context, String xml) {
        if (out == null) {
            out = context.alloc().directBuffer(64 * 1024);
        }
        out.writeCharSequence(xml, StandardCharsets.US_ASCII);
    }

    private void flush(ChannelHandlerContext context) {
        if (out != null) {
            context.writeAndFlush(out);
            out = null;
        }
    }
}
