package org.clientproxy.stream;

import io.netty.channel.EventLoop;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.LogLimit;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A component's stream over TCP: connects, and reconnects with jittered backoff until it is stopped. What happens inside
 * one connection is {@link StreamLink}'s business; this is what stays over all of them.
 */
public final class ComponentConnection implements ComponentStream {
    private static final Logger LOG = LoggerFactory.getLogger(ComponentConnection.class);

    /** How long a graceful stop lets the outbox be written and the server close. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    /** A stream that lasted so long was a success. */
    private static final Duration STABLE = Duration.ofSeconds(5);

    private final StreamSettings settings;
    private final StreamLoop loop;
    private final Backoff backoff;
    private final Jid domain;
    private final StreamCounters counters = new StreamCounters();
    private final StreamLife life;
    private final StreamUser user;
    private final OutboundCheck outboundCheck;
    private StreamParts parts;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    final Outbox outbox = new Outbox(counters);
    final ServerAddresses addresses;
    /** {@link KeepAlive#LIMIT}, but for tests. */
    Duration pingLimit = KeepAlive.LIMIT;

    private @Nullable Supplier<StreamSettings> source;
    private volatile ConnectPermit permit = ConnectPermit.ALWAYS;
    private long attempts;
    private String keepAliveTo;

    @Nullable
    StreamLink link;

    private StreamLoop.@Nullable Timeout reconnect;
    private boolean started;
    private boolean stopping;
    /** The present connection ends because somebody wished it to. */
    private boolean wished;
    /** The next connection is made without a delay. */
    private boolean atOnce;

    private final Set<Pause> pauses = EnumSet.noneOf(Pause.class);
    private long readyAt;

    public ComponentConnection(StreamSettings settings, EventLoop eventLoop) {
        this(settings, eventLoop, new SecureRandom()::nextDouble);
    }

    /** @param random uniform in [0, 1), for the jitter */
    ComponentConnection(StreamSettings settings, EventLoop eventLoop, DoubleSupplier random) {
        this.settings = settings;
        this.loop = new NettyLoop(eventLoop);
        this.backoff = new Backoff(settings, random);
        this.domain = Jid.parse(settings.domain());
        this.life = new StreamLife(settings);
        this.user = new StreamUser(loop, this::barrierOpened);
        this.outboundCheck = new OutboundCheck(domain, settings.maxStanzaSize());
        this.addresses = new ServerAddresses(settings.host());
        this.keepAliveTo = settings.domain();
        this.parts = new StreamParts(
                settings,
                eventLoop,
                loop,
                counters,
                life,
                user,
                outbox,
                addresses,
                new InboundCheck(domain, counters, loop),
                new SkippedStanzas(settings, loop),
                new LogLimit(loop::nanoTime));
    }

    @Override
    public StreamSettings settings() {
        return settings;
    }

    @Override
    public void renewedBy(Supplier<StreamSettings> asked) {
        source = asked;
    }

    @Override
    public StreamLoop loop() {
        return loop;
    }

    @Override
    public StreamState state() {
        return life.state();
    }

    @Override
    public @Nullable String lastFailure() {
        return life.lastFailure();
    }

    @Override
    public StreamCounters counters() {
        return counters;
    }

    @Override
    public void onStanza(StanzaListener listener) {
        user.onStanza(listener);
    }

    @Override
    public void addStreamListener(StreamListener listener) {
        life.addListener(listener);
    }

    @Override
    public void beforeWrites(WriteBarrier barrier) {
        user.beforeWrites(barrier);
    }

    /** At once, not at the end of a batch of reads: what waited for it has waited long enough. */
    private void barrierOpened() {
        outbox.open();
        if (link != null) {
            link.flush();
        }
    }

    @Override
    public void permittedBy(ConnectPermit asked) {
        permit = asked;
    }

    @Override
    public void relayedBy(StanzaRelay relay) {
        user.relayedBy(relay);
    }

    @Override
    public void readElsewhere(Stanza stanza) {
        StreamLink present = link;
        if (present != null && present.keepAlive.swallows(stanza)) {
            present.keepAlive.signOfLife();
        } else {
            user.deliverHere(stanza);
        }
    }

    @Override
    public boolean isStandby() {
        return life.state() == StreamState.DISCONNECTED && permit.isOthersTurn();
    }

    @Override
    public void withdraw() {
        if (!stopping) {
            endForAnother(StreamLink::withdraw);
        }
    }

    @Override
    public void abandon() {
        if (!stopping) {
            endForAnother(each -> each.end("abandoned"));
        } else if (link != null) {
            link.end("abandoned");
        }
        outbox.abandon();
    }

    /** The next connection does not wait, as far as it is permitted. */
    private void endForAnother(Consumer<StreamLink> way) {
        if (link != null) {
            wished = wished || life.isReady();
            atOnce = true;
            way.accept(link);
        } else if (reconnect != null) {
            reconnect.cancel();
            connect();
        } else if (life.state() == StreamState.CONNECTING) {
            // Its settings are being asked for.
            life.down(null);
            connect();
        }
    }

    @Override
    public void messagesBy(MessageCare care) {
        user.messagesBy(care);
    }

    @Override
    public void keepAliveTo(String address) {
        keepAliveTo = address;
    }

    @Override
    public void pauseReading(Pause who, boolean pause) {
        if (pause ? pauses.add(who) : pauses.remove(who)) {
            flushSoon();
        }
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
            switch (life.state()) {
                case CONNECTING, OPENING, HANDSHAKING ->
                    LOG.info("{}: connecting already, as an operator wishes", settings);
                default -> {
                    LOG.info("{}: reconnecting, as an operator wishes", settings);
                    renew();
                }
            }
        });
    }

    /** What is ready is closed in order, what is being closed ends as it does, and what waits to connect waits no longer. */
    private void renew() {
        backoff.reset();
        if (link == null) {
            if (reconnect != null) {
                reconnect.cancel();
            }
            connect();
        } else {
            wished = wished || life.isReady();
            atOnce = true;
            link.renew();
        }
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
                if (life.state() == StreamState.CONNECTING) {
                    life.down(null);
                }
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
        boolean waits =
                reply || stanza.kind() == Stanza.Kind.MESSAGE && user.messages().waits(stanza);
        if (!waits && !life.isReady()) {
            throw new StanzaNotSentException(
                    StanzaNotSentException.Reason.NOT_READY, "the stream of " + domain + " is " + life.state());
        }
        outboundCheck.check(stanza);
        if (outbox.isFull(reply)) {
            outbox.expire(loop.nanoTime());
        }
        if (outbox.isFull(reply)) {
            throw new StanzaNotSentException(
                    StanzaNotSentException.Reason.OUTBOX_FULL, "too much waits to be written for " + domain);
        }
        outbox.add(stanza, waits, loop.nanoTime());
        if (life.isReady()) {
            flushSoon();
        }
    }

    private void flushSoon() {
        if (link != null) {
            link.flushSoon();
        }
    }

    private void connect() {
        reconnect = null;
        long attempt = ++attempts;
        permit.ask(() -> {
            if (attempt == attempts && !stopping && link == null && life.state() != StreamState.CONNECTING) {
                connect(attempt);
            }
        });
    }

    private void connect(long attempt) {
        life.become(StreamState.CONNECTING);
        Supplier<StreamSettings> asked = source;
        if (asked == null) {
            connectBy(settings);
            return;
        }
        StreamSettings before = parts.settings();
        try {
            CompletableFuture.supplyAsync(asked, ServerAddresses::onThreadOfItsOwn)
                    .orTimeout(before.connectTimeout().toMillis(), TimeUnit.MILLISECONDS)
                    .whenCompleteAsync((renewed, failure) -> renewed(attempt, renewed, failure), loop);
        } catch (Throwable e) {
            // There may be no thread to be had.
            renewed(attempt, null, e);
        }
    }

    private void renewed(long attempt, @Nullable StreamSettings renewed, @Nullable Throwable failure) {
        if (stopping || attempt != attempts) {
            return;
        }
        if (renewed == null) {
            LOG.warn(
                    "{}: the connection is made as before, for its settings cannot be had: {}", settings, failure + "");
        }
        connectBy(renewed == null ? parts.settings() : renewed);
    }

    private void connectBy(StreamSettings present) {
        parts = parts.by(present);
        backoff.renew(present);
        link = new StreamLink(parts, pingLimit, keepAliveTo, new Owner());
        link.connect();
    }

    /** What the present connection tells, on the loop. */
    private final class Owner implements StreamLink.Owner {
        @Override
        public void ready() {
            readyAt = loop.nanoTime();
            counters.connections.increment();
            outbox.expire(loop.nanoTime());
            life.ready();
            flushSoon();
        }

        @Override
        public void down(ServerRefusal reason) {
            link = null;
            List<Stanza> unsent = outbox.streamBroke();
            unsent.forEach(user.messages()::unsent);
            // A server that lets us in and throws us out at once is not to be asked at the fastest pace for ever.
            if (readyAt != 0 && loop.nanoTime() - readyAt > STABLE.toNanos()) {
                backoff.reset();
            }
            readyAt = 0;
            if (stopping) {
                life.down(null);
                stopped.complete(null);
                return;
            }
            if (wished) {
                life.down(null);
            } else {
                counters.failures.increment();
                life.down(reason);
            }
            long delay = atOnce ? 0 : reason.slow() ? backoff.slow() : backoff.next();
            wished = false;
            atOnce = false;
            LOG.debug("{}: next attempt in {} ms", settings, delay / 1_000_000);
            reconnect = loop.schedule(ComponentConnection.this::connect, delay);
        }

        @Override
        public void send(Stanza stanza) throws StanzaNotSentException {
            ComponentConnection.this.send(stanza);
        }

        @Override
        public boolean isPaused() {
            return !pauses.isEmpty();
        }
    }
}
