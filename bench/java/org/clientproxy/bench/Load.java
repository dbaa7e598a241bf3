package org.clientproxy.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * The server, the requesters and the resources in one: a load for one component, over one connection of XEP-0114. It sends
 * requests, replies to what reaches the resources, and checks each answer: its id, its addresses, its payload, and that it
 * comes once. Everything happens on one event loop.
 */
final class Load extends ChannelInboundHandlerAdapter implements AutoCloseable {
    static final String DOMAIN = "proxy.example";
    static final String TARGET = "worker@some.example";
    /** In the payload of each request, and of each answer. */
    static final String TEXT = "0123456789012345678901234567890";

    static final String PAYLOAD =
            "<query xmlns='urn:example:q'><item name='01234567890123456789'>" + TEXT + "</item></query>";

    /** What a run shows. Latencies are in microseconds, counted from when a request was due. */
    record Result(long answers, double seconds, Histogram latency) {
        double perSecond() {
            return answers / seconds;
        }

        double millis(double percentile) {
            return latency.getValueAtPercentile(percentile) / 1000.0;
        }

        /** The seconds of 100,000 round trips, where all of these took so much of processors. */
        double cpuSeconds(Duration used) {
            return used.toNanos() / 1e9 / answers * 100_000;
        }
    }

    private static final int SLOTS = 1 << 21;
    /** Warm is a program whose rates of so many seconds in a row differ by less than that part. */
    private static final int STEADY_SECONDS = 3;

    private static final double STEADY = 0.03;
    private static final int LONGEST_WARM_UP = 60;

    private final NioEventLoopGroup group = new NioEventLoopGroup(1);
    private final EventLoop loop = group.next();
    private final Channel listening;
    private final int resources;
    private final byte[] body;
    private final CountDownLatch connected = new CountDownLatch(1);
    private final CountDownLatch ready = new CountDownLatch(1);
    private final Stanzas stanzas = new Stanzas();
    // When request n was due, in nanoseconds, at n modulo SLOTS; 0: answered.
    private final long[] due = new long[SLOTS];
    private final ArrayDeque<byte[]> held = new ArrayDeque<>();
    private Channel component;
    private ByteBuf out;
    private int requesters = 1;
    private boolean holding;
    private boolean keepsWindow;
    private long next;
    private long answered;
    private long begin;
    private Histogram latency = histogram();
    private volatile long heldCount;
    private volatile String fault;

    /** @param resources of the target; 0: the component has no target, and answers by itself */
    Load(int resources) throws InterruptedException {
        this(resources, PAYLOAD);
    }

    /** @param payload of each request and each reply: one element */
    Load(int resources, String payload) throws InterruptedException {
        this.resources = resources;
        this.body = (">" + payload + "</iq>").getBytes(StandardCharsets.UTF_8);
        this.listening = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        accepted.pipeline().addLast(Load.this);
                    }
                })
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
    }

    int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    void awaitReady() throws InterruptedException {
        if (!ready.await(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the component was not ready within 60 s");
        }
    }

    /** Keeps the window open until the program is {@linkplain #STEADY steady}, and says after how many seconds it was. */
    int warmUp(int window, int fromRequesters) throws InterruptedException {
        double[] last = new double[STEADY_SECONDS];
        for (int second = 1; second <= LONGEST_WARM_UP; second++) {
            last[second % STEADY_SECONDS] = closed(window, fromRequesters, 1).perSecond();
            double least = Arrays.stream(last).min().orElseThrow();
            double most = Arrays.stream(last).max().orElseThrow();
            if (second >= 2 * STEADY_SECONDS && most - least < STEADY * most) {
                return second;
            }
        }
        return LONGEST_WARM_UP;
    }

    /** Keeps so many requests open for so long: the closed loop. */
    Result closed(int window, int fromRequesters, double seconds) throws InterruptedException {
        begin(fromRequesters);
        loop.execute(() -> {
            keepsWindow = true;
            for (int i = 0; i < window; i++) {
                request(System.nanoTime());
            }
            flush();
        });
        return end(seconds);
    }

    /** Sends so many requests each second, whatever becomes of them: the open loop. */
    Result open(int perSecond, int fromRequesters, double seconds) throws InterruptedException {
        begin(fromRequesters);
        long start = System.nanoTime();
        long interval = 1_000_000_000L / perSecond;
        var timer = loop.scheduleAtFixedRate(
                new Runnable() {
                    private long at = start;

                    @Override
                    public void run() {
                        for (long now = System.nanoTime(); at <= now; at += interval) {
                            request(at);
                        }
                        flush();
                    }
                },
                0,
                200,
                TimeUnit.MICROSECONDS);
        sleep(seconds);
        timer.cancel(false);
        return end(0);
    }

    /** Sends so many requests whose replies the resources keep to themselves until {@link #release}. */
    void hold(int count, int fromRequesters) throws InterruptedException {
        begin(fromRequesters);
        for (int sent = 0; sent < count; sent += 1000) {
            int upTo = sent + 1000;
            loop.execute(() -> {
                holding = true;
                for (int i = 0; i < 1000; i++) {
                    request(System.nanoTime());
                }
                flush();
            });
            while (heldCount < upTo) {
                check();
                Thread.sleep(1);
            }
        }
    }

    /** From now on the resources reply, but not to what they have kept to themselves. */
    void keep() throws InterruptedException {
        loop.submit(() -> holding = false).sync();
    }

    /** The resources reply now. */
    Result release() throws InterruptedException {
        loop.execute(() -> {
            holding = false;
            for (byte[] reply = held.poll(); reply != null; reply = held.poll()) {
                out().writeBytes(reply);
            }
            heldCount = 0;
            flush();
        });
        return end(0);
    }

    private void begin(int fromRequesters) throws InterruptedException {
        awaitReady();
        loop.submit(() -> {
                    requesters = fromRequesters;
                    answered = 0;
                    latency = histogram();
                    begin = System.nanoTime();
                })
                .sync();
    }

    /** Lets it run, then awaits the answers that are still owed: not one may be missing. */
    private Result end(double seconds) throws InterruptedException {
        sleep(seconds);
        Result[] result = new Result[1];
        loop.submit(() -> {
                    keepsWindow = false;
                    result[0] = new Result(answered, (System.nanoTime() - begin) / 1e9, latency);
                })
                .sync();
        long limit = System.nanoTime() + 30_000_000_000L;
        while (owed() > 0) {
            check();
            if (System.nanoTime() > limit) {
                throw new IllegalStateException(owed() + " requests were not answered");
            }
            Thread.sleep(1);
        }
        check();
        return seconds > 0 ? result[0] : new Result(answered, (System.nanoTime() - begin) / 1e9, latency);
    }

    private long owed() throws InterruptedException {
        long[] owed = new long[1];
        loop.submit(() -> {
                    for (long n = Math.max(0, next - SLOTS); n < next; n++) {
                        owed[0] += due[(int) (n % SLOTS)] == 0 ? 0 : 1;
                    }
                    owed[0] -= held.size();
                })
                .sync();
        return owed[0];
    }

    private void check() {
        if (fault != null) {
            throw new IllegalStateException(fault);
        }
    }

    private static void sleep(double seconds) throws InterruptedException {
        Thread.sleep((long) (seconds * 1000));
    }

    private static Histogram histogram() {
        return new Histogram(3_600_000_000L, 3);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        component = context.channel();
        connected.countDown();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            stanzas.append(in);
            while (stanzas.next()) {
                handle();
            }
        } catch (RuntimeException e) {
            fault = "cannot read what the component sent: " + e;
        } finally {
            in.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        flush();
    }

    private void handle() {
        if (stanzas.is("stream:stream")) {
            write("<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept'"
                    + " xmlns:stream='http://etherx.jabber.org/streams' from='" + DOMAIN + "' id='1'>");
        } else if (stanzas.is("handshake")) {
            write("<handshake/>");
            if (resources == 0) {
                ready.countDown();
            }
        } else if (stanzas.is("presence")) {
            String type = stanzas.attribute("type");
            if ("subscribe".equals(type)) {
                write("<presence type='subscribed' from='" + TARGET + "' to='" + DOMAIN + "'/>");
            } else if ("probe".equals(type)) {
                for (int i = 0; i < resources; i++) {
                    write("<presence from='" + TARGET + "/r" + i + "' to='" + DOMAIN + "'/>");
                }
                flush();
                ready.countDown();
            }
        } else if (stanzas.is("iq")) {
            String type = stanzas.attribute("type");
            if ("get".equals(type)) {
                reply();
            } else {
                answer(type);
            }
        } else if (!stanzas.is("/stream:stream")) {
            fault = "an element that was not expected";
        }
    }

    /** A resource got a request. */
    private void reply() {
        String to = stanzas.attribute("to");
        boolean ping = !to.startsWith(TARGET);
        if (!ping && !stanzas.endsWith(body)) {
            fault = "a request reached its resource with another payload";
        }
        ByteBuf reply = holding ? component.alloc().buffer() : out();
        ascii(reply, "<iq type='result' id='");
        ascii(reply, stanzas.attribute("id"));
        ascii(reply, "' from='");
        ascii(reply, to);
        ascii(reply, "' to='");
        ascii(reply, stanzas.attribute("from"));
        reply.writeByte('\'');
        if (ping) {
            ascii(reply, "/>");
        } else {
            reply.writeBytes(body);
        }
        if (holding) {
            byte[] octets = new byte[reply.readableBytes()];
            reply.readBytes(octets);
            reply.release();
            held.add(octets);
            heldCount++;
        }
    }

    /** A requester got its answer. */
    private void answer(String type) {
        String id = stanzas.attribute("id");
        long n = Long.parseLong(id.substring(1));
        int slot = (int) (n % SLOTS);
        if (!"result".equals(type)) {
            fault = "request " + n + " was answered with an error: " + stanzas.text();
        } else if (due[slot] == 0) {
            fault = "request " + n + " was answered twice";
        } else if (!stanzas.attribute("from").equals(DOMAIN)
                || !stanzas.attribute("to").equals(requester(n))
                || !isWhole()) {
            fault = "request " + n + " got another one's answer, or a changed one: " + stanzas.text();
        }
        long now = System.nanoTime();
        latency.recordValue(Math.max(0, (now - due[slot]) / 1000));
        due[slot] = 0;
        answered++;
        if (keepsWindow) {
            request(now);
        }
    }

    /** A proxy passes the payload on to the octet; a component that answers by itself may write it anew. */
    private boolean isWhole() {
        return resources == 0 ? stanzas.text().contains(TEXT) : stanzas.endsWith(body);
    }

    private void request(long dueAt) {
        long n = next++;
        int slot = (int) (n % SLOTS);
        if (due[slot] != 0) {
            fault = "request " + (n - SLOTS) + " was never answered";
        }
        due[slot] = dueAt;
        ByteBuf request = out();
        ascii(request, "<iq type='get' id='r");
        ascii(request, Long.toString(n));
        ascii(request, "' from='");
        ascii(request, requester(n));
        ascii(request, "' to='" + DOMAIN + "'");
        request.writeBytes(body);
    }

    private String requester(long n) {
        return "user" + n % requesters + "@some.example/home";
    }

    private void write(String xml) {
        ascii(out(), xml);
    }

    @SuppressWarnings("deprecation") // the quickest way for a string of ASCII only
    private static void ascii(ByteBuf to, String text) {
        to.ensureWritable(text.length());
        if (to.hasArray()) {
            text.getBytes(0, text.length(), to.array(), to.arrayOffset() + to.writerIndex());
            to.writerIndex(to.writerIndex() + text.length());
        } else {
            to.writeCharSequence(text, StandardCharsets.US_ASCII);
        }
    }

    private ByteBuf out() {
        if (out == null) {
            out = component.alloc().heapBuffer(64 * 1024);
        }
        return out;
    }

    private void flush() {
        if (out != null) {
            component.writeAndFlush(out);
            out = null;
        }
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
