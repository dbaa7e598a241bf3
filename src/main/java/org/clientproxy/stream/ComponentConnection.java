package org.clientproxy.stream;
import org.clientproxy.xml.StanzaXml;

import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.DoubleSupplier;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.LogLimit;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A component's stream over TCP: connects, and reconnects with jittered backoff until it is stopped. What happens inside
 * one connection is {@link StreamLink}'s business; this is what stays over all of them: state, outbox, listeners, loop.
 */
public final class ComponentConnection implements ComponentStream {
    private static final Logger LOG = LoggerFactory.getLogger(ComponentConnection.class);

    /** How long a graceful stop lets the outbox be written and the server close. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    /** A stream that lasted so long was a success. */
    private static final Duration STABLE = Duration.ofSeconds(5);

    private final StreamSettings settings;
    private final EventLoop eventLoop;
    private final StreamLoop loop;
    private final LogLimit failures;
    private final Backoff backoff;
    private final Jid domain;
    private final List<StreamListener> listeners = new ArrayList<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final StreamCounters counters = new StreamCounters();
    final Outbox outbox = new Outbox(counters);
    /** {@link KeepAlive#LIMIT}, but for tests. */
    Duration pingLimit = KeepAlive.LIMIT;
    /** Asks the system where the server is, but for tests. */
    Lookup lookup = InetAddress::getAllByName;
    /** What is taken, and what is made of what is too much; over all connections, so that their warnings stay rare. */
    final InboundCheck check;

    final SkippedStanzas skipped;
    final LogLimit slowness;
    /** The address that last took a connection in which no stream became ready; null: there is none such. */
    @Nullable
    InetAddress lastFailedAddress;

    private StanzaListener stanzas = stanza -> {};
    private Runnable beforeWrites = () -> {};
    private String keepAliveTo;

    @Nullable
    StreamLink link;

    private StreamLoop.@Nullable Timeout reconnect;
    private boolean started;
    private boolean stopping;
    private boolean flushScheduled;
    private boolean reconnecting;
    private boolean paused;
    private volatile StreamState state = StreamState.DISCONNECTED;
    private volatile @Nullable String lastFailure;
    private @Nullable String loggedFailure;
    private long readyAt;

    /** Finds all addresses of a host, which may take long. */
    @FunctionalInterface
    interface Lookup {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    public ComponentConnection(StreamSettings settings, EventLoop eventLoop) {
        this(settings, eventLoop, new SecureRandom()::nextDouble);
    }

    /** @param random uniform in [0, 1), for the jitter */
    ComponentConnection(StreamSettings settings, EventLoop eventLoop, DoubleSupplier random) {
        this.settings = settings;
        this.eventLoop = eventLoop;
        this.loop = new NettyLoop(eventLoop);
        this.failures = new LogLimit(loop::nanoTime);
        this.backoff = new Backoff(settings, random);
        this.domain = Jid.parse(settings.domain());
        this.check = new InboundCheck(domain, counters, loop);
        this.skipped = new SkippedStanzas(settings, loop);
        this.slowness = new LogLimit(loop::nanoTime);
        this.keepAliveTo = settings.domain();
    }

    @Override
    public StreamSettings settings() {
        return settings;
    }

    @Override
    public StreamLoop loop() {
        return loop;
    }

    @Override
    public StreamState state() {
        return state;
    }

    @Override
    public @Nullable String lastFailure() {
        return lastFailure;
    }

    @Override
    public StreamCounters counters() {
        return counters;
    }

    @Override
    public void onStanza(StanzaListener listener) {
        stanzas = listener;
    }

    @Override
    public void addStreamListener(StreamListener listener) {
        listeners.add(listener);
    }

    @Override
    public void beforeWrites(Runnable task) {
        beforeWrites = task;
    }

    @Override
    public void keepAliveTo(String address) {
        keepAliveTo = address;
    }

    @Override
    public void pauseReading(boolean pause) {
        paused = pause;
        flushSoon();
    }

    /** Whether nothing more is to be read. */
    boolean isPaused() {
        return paused && state == StreamState.READY;
    }

    @Override
    public boolean isCongested() {
        return outbox.heap() > Outbox.HIGH_WATER;
    }

    @Override
    public void start() {
        loop.execute(() -> {
            if (!started && !stopping) {
                started = true;
                connect();
            }
        });
    }

    @Override
    public void reconnect() {
        loop.execute(() -> {
            if (!started || stopping) {
                return;
            }
            LOG.info("{}: reconnecting, as an operator wishes", settings);
            if (link != null) {
                reconnecting = true;
                link.renew();
            } else if (reconnect != null) {
                reconnect.cancel();
                connect();
            }
        });
    }

    @Override
    public CompletionStage<Void> stop() {
        loop.execute(() -> {
            if (stopping) {
                return;
            }
            stopping = true;
            if (reconnect != null) {
                reconnect.cancel();
            }
            if (link == null) {
                stopped.complete(null);
            } else {
                link.stop(STOP_LIMIT);
            }
        });
        return stopped;
    }

    @Override
    public void send(Stanza stanza) throws StanzaNotSentException {
        boolean reply = stanza.isReply() || "error".equals(stanza.type());
        if (state != StreamState.READY && !reply) {
            throw new StanzaNotSentException(
                    StanzaNotSentException.Reason.NOT_READY, "the stream of " + domain + " is " + state);
        }
        validate(stanza);
        if (outbox.isFull(reply)) {
            outbox.expire(loop.nanoTime());
        }
        if (outbox.isFull(reply)) {
            throw new StanzaNotSentException(
                    StanzaNotSentException.Reason.OUTBOX_FULL, "too much waits to be written for " + domain);
        }
        outbox.add(stanza, reply, loop.nanoTime());
        if (state == StreamState.READY) {
            flushSoon();
        }
    }

    /** One wrong stanza would make the server end the stream for all. */
    private void validate(Stanza stanza) throws StanzaNotSentException {
        try {
            if (!stanza.fromJid().sameDomain(domain)) {
                throw new StanzaNotSentException(
                        StanzaNotSentException.Reason.INVALID, "from must be an address in " + domain + ": " + stanza);
            }
            // That there is one is all that is asked of it.
            stanza.toJid();
        } catch (IllegalArgumentException e) {
            throw new StanzaNotSentException(
                    StanzaNotSentException.Reason.INVALID, "from and to must be addresses: " + stanza);
        }
        if (!stanza.isChecked()) {
            try {
                StanzaXml.parse(stanza.toBytes());
            } catch (IllegalArgumentException e) {
                throw new StanzaNotSentException(
                        StanzaNotSentException.Reason.INVALID,
                        "the content is wrong, " + e.getMessage() + ": " + stanza);
            }
        }
        if (stanza.octets() > settings.maxStanzaSize()) {
            throw new StanzaNotSentException(
                    StanzaNotSentException.Reason.TOO_LARGE,
                    "larger than maxStanzaSize, which is " + settings.maxStanzaSize() + " octets: " + stanza);
        }
    }

    /** Within a batch of reads one flush at its end writes all; outside of one a task of the loop does. */
    private void flushSoon() {
        if (link != null && !link.isReading() && !flushScheduled) {
            flushScheduled = true;
            loop.execute(() -> {
                flushScheduled = false;
                if (link != null) {
                    link.flush();
                }
            });
        }
    }

    private void connect() {
        reconnect = null;
        become(StreamState.CONNECTING);
        StreamLink connecting = new StreamLink(this, eventLoop);
        link = connecting;
        connecting.awaitAddresses();
        // A name is looked up by the operating system, which may take long; the loop serves others meanwhile.
        try {
            CompletableFuture.supplyAsync(this::lookUp).whenCompleteAsync(connecting::lookedUp, eventLoop);
        } catch (Throwable e) {
            // There may be no thread to be had; whatever it is, the next attempt is due all the same.
            connecting.lookedUp(null, e);
        }
    }

    private InetAddress[] lookUp() {
        try {
            return lookup.addresses(settings.host());
        } catch (UnknownHostException e) {
            throw new CompletionException(e);
        }
    }

    // The rest is what a link tells, on the loop.

    boolean isCurrent(StreamLink other) {
        return link == other;
    }

    boolean isStopping() {
        return stopping;
    }

    Jid domain() {
        return domain;
    }

    String keepAliveTo() {
        return keepAliveTo;
    }

    void beforeWrites() {
        try {
            beforeWrites.run();
        } catch (Throwable e) {
            failed("before stanzas were written", e);
        }
    }

    void deliver(Stanza stanza) {
        try {
            stanzas.onStanza(stanza);
        } catch (Throwable e) {
            // Errors too: one stanza's must not end the stream for all.
            failed("at " + stanza, e);
        }
    }

    /** Whoever can cause it can do so by each stanza, so it is said once a minute. */
    private void failed(String where, Throwable failure) {
        int before = failures.admit(LogLimit.kind(failure));
        if (before >= 0) {
            LOG.error("failed {}{}", where, before == 0 ? "" : ", after " + before + " more of this kind", failure);
        } else {
            LOG.debug("failed {}: {}", where, failure.toString());
        }
    }

    void ready() {
        lastFailure = null;
        if (loggedFailure != null) {
            LOG.info("connected to {} again", settings);
            loggedFailure = null;
        }
        readyAt = loop.nanoTime();
        counters.connections.increment();
        outbox.expire(loop.nanoTime());
        become(StreamState.READY);
        flushSoon();
    }

    /** The one place where the state changes. */
    void become(StreamState next) {
        StreamState before = state;
        if (!before.mayBecome(next)) {
            throw new IllegalStateException("a stream that is " + before + " cannot become " + next);
        }
        state = next;
        LOG.debug("{}: {}", settings, next);
        for (StreamListener listener : listeners) {
            try {
                listener.onState(before, next);
            } catch (RuntimeException e) {
                LOG.error("failed at the change to {}", next, e);
            }
        }
    }

    /** The connection is over. */
    void down(ServerRefusal reason) {
        link = null;
        outbox.streamBroke();
        // A server that lets us in and throws us out at once is not to be asked at the fastest pace for ever.
        if (readyAt != 0 && loop.nanoTime() - readyAt > STABLE.toNanos()) {
            backoff.reset();
        }
        readyAt = 0;
        become(StreamState.DISCONNECTED);
        if (stopping) {
            stopped.complete(null);
            return;
        }
        if (reconnecting) {
            reconnecting = false;
            backoff.reset();
        } else {
            counters.failures.increment();
            report(reason);
        }
        long delay = reason.slow() ? backoff.slow() : backoff.next();
        LOG.debug("{}: next attempt in {} ms", settings, delay / 1_000_000);
        reconnect = loop.schedule(this::connect, delay);
    }

    /** Once in the log for each reason; repetitions are for those who look closely. */
    private void report(ServerRefusal reason) {
        lastFailure = reason.words();
        boolean repeated = Objects.equals(loggedFailure, reason.words());
        loggedFailure = reason.words();
        if (repeated) {
            LOG.debug("{}: {}", settings, reason.words());
        } else if (reason.slow() || reason.ours()) {
            LOG.error("{}: {}; trying again for ever", settings, reason.words());
        } else {
            LOG.warn("{}: {}; trying again for ever", settings, reason.words());
        }
    }
}
