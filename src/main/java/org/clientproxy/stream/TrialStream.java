package org.clientproxy.stream;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.LogLimit;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StreamError;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of a component, made to see whether the server takes it. Unlike a {@link ComponentConnection} it is never
 * made again, and how it ends is told to who asked and not to the log. Any thread.
 */
public final class TrialStream {
    private static final Logger LOG = LoggerFactory.getLogger(TrialStream.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

    /**
     * What became of it.
     *
     * @param ready whether the server took the component
     * @param words why it did not, and what to do; empty where it did
     * @param condition the stream error by which the server refused; null: it said none
     */
    public record Outcome(boolean ready, String words, StreamError.@Nullable Condition condition) {}

    private final StreamLoop loop;
    private final Outbox outbox;
    private final OutboundCheck check;
    private final StreamLife life;
    private final StreamUser user;
    private final StreamLink link;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    /** Nothing is done yet. */
    public TrialStream(StreamSettings settings, EventLoop eventLoop) {
        this.loop = new NettyLoop(eventLoop);
        Jid domain = Jid.parse(settings.domain());
        StreamCounters counters = new StreamCounters();
        this.outbox = new Outbox(counters);
        this.check = new OutboundCheck(domain, settings.maxStanzaSize());
        this.life = new StreamLife(settings);
        this.user = new StreamUser(loop, () -> {});
        StreamParts parts = new StreamParts(
                settings,
                eventLoop,
                loop,
                counters,
                life,
                user,
                outbox,
                new ServerAddresses(settings.host()),
                new InboundCheck(domain, counters, loop),
                new SkippedStanzas(settings, loop),
                new LogLimit(loop::nanoTime));
        this.link = new StreamLink(parts, KeepAlive.LIMIT, settings.domain(), new Owner());
    }

    /**
     * Connects; to be called once.
     *
     * @param limit how long it may take until the server has taken the component
     * @param listener gets each stanza, on the loop
     * @return completed when the server has taken the component, or it is known that it does not; never exceptionally
     */
    public CompletableFuture<Outcome> open(Duration limit, StanzaListener listener) {
        user.onStanza(listener);
        loop.execute(() -> {
            life.become(StreamState.CONNECTING);
            link.connect();
            loop.schedule(() -> giveUp(limit), limit.toNanos());
        });
        return outcome;
    }

    private void giveUp(Duration limit) {
        if (!outcome.isDone()) {
            link.end("the server did not take the component within " + limit.toSeconds() + " s");
        }
    }

    /** Sends a stanza, once the server has taken the component; where it cannot be sent any more, nobody hears of it. */
    public void send(Stanza stanza) {
        loop.execute(() -> {
            try {
                link.send(stanza);
            } catch (StanzaNotSentException e) {
                // Whoever awaits an answer awaits it in vain, and says so.
                LOG.debug("not sent: {}", e.getMessage());
            }
        });
    }

    /** Closes the stream in order, if there is one; completed when it is over. */
    public CompletableFuture<Void> close() {
        loop.execute(() -> {
            if (!closed.isDone()) {
                link.stop(CLOSE_LIMIT);
            }
        });
        return closed;
    }

    private final class Owner implements StreamLink.Owner {
        @Override
        public void ready() {
            life.ready();
            outcome.complete(new Outcome(true, "", null));
        }

        @Override
        public void down(ServerRefusal reason) {
            outbox.streamBroke();
            life.down(null);
            outcome.complete(new Outcome(false, reason.words(), reason.condition()));
            closed.complete(null);
        }

        @Override
        public void send(Stanza stanza) throws StanzaNotSentException {
            if (!life.isReady()) {
                throw new StanzaNotSentException(StanzaNotSentException.Reason.NOT_READY, "the stream is over");
            }
            check.check(stanza);
            outbox.add(stanza, false, loop.nanoTime());
            link.flushSoon();
        }

        @Override
        public boolean isPaused() {
            return false;
        }
    }
}
