package org.clientproxy.proxy.hooks;

import java.util.Locale;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.clientproxy.proxy.pending.PendingRequest;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.stats.ProxyCounters;
import org.clientproxy.stream.ComponentStream;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/**
 * What operators' routes hear of: answers, changes of the pool, changes of the stream. Each is told in a task of its own on
 * the loop, so that no listener is called in the middle of a change.
 */
public final class ProxyEvents {
    private final Hooks hooks;
    private final StreamLoop loop;
    private final ComponentStream stream;
    private final ProxySettings settings;

    public ProxyEvents(Hooks hooks, ComponentStream stream, ProxySettings settings) {
        this.hooks = hooks;
        this.loop = stream.loop();
        this.stream = stream;
        this.settings = settings;
    }

    /**
     * The body of the exchange is an answer that is about to be sent. It is told when the exchange is done, if the stream
     * has taken it.
     */
    public void answering(Exchange exchange, PendingRequest pending, ProxyCounters.Outcome outcome, long nanos) {
        if (hooks.answered.producer() == null) {
            return;
        }
        Stanza answer = exchange.getMessage().getBody(Stanza.class);
        pending.answering(answer);
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onComplete(Exchange done) {
                // Another answer has taken its place where the stream refused this one.
                if (pending.isAnsweredBy(answer)) {
                    loop.execute(() -> answered(pending, answer, outcome, nanos));
                }
            }
        });
    }

    private void answered(PendingRequest pending, Stanza answer, ProxyCounters.Outcome outcome, long nanos) {
        PooledResource resource = pending.resource();
        hooks.answered.tell(message -> {
            message.setBody(answer);
            message.setHeader(
                    ProxyHeaders.REQUEST_ID,
                    Objects.requireNonNull(pending.request().id()));
            message.setHeader(ProxyHeaders.REQUESTER, pending.requester.toString());
            if (resource != null) {
                message.setHeader(ProxyHeaders.ASKED, resource.jid().toString());
            }
            message.setHeader(ProxyHeaders.OUTCOME, outcome.name().toLowerCase(Locale.ROOT));
            message.setHeader(ProxyHeaders.MILLISECONDS, nanos / 1_000_000);
        });
    }

    /** Other resources can be chosen than before, or it has come to be known that these are all. */
    public void poolChanged(int before, int now, boolean confirmed) {
        if (hooks.poolChanged.producer() == null) {
            return;
        }
        loop.execute(() -> hooks.poolChanged.tell(message -> {
            String target = settings.target().toString();
            String sessions =
                    now == 1 ? "1 session of " + target + " serves " : now + " sessions of " + target + " serve ";
            message.setBody(
                    now > 0
                            ? sessions + settings.domain()
                            : confirmed
                                    ? "no session of " + target + " is there; requests to " + settings.domain()
                                            + " are refused until one comes"
                                    : "it is not known which sessions of " + target + " are there; requests to "
                                            + settings.domain() + " wait");
            message.setHeader(ProxyHeaders.POOL_SIZE, now);
            message.setHeader(ProxyHeaders.POOL_SIZE_BEFORE, before);
            message.setHeader(ProxyHeaders.POOL_CONFIRMED, confirmed);
        }));
    }

    /** As {@link org.clientproxy.stream.StreamListener#onState} has it. */
    public void streamChanged(StreamState before, StreamState now, @Nullable String reason) {
        if (hooks.streamChanged.producer() == null) {
            return;
        }
        String failure = stream.lastFailure();
        loop.execute(() -> hooks.streamChanged.tell(message -> {
            message.setBody(sentence(now, reason));
            message.setHeader(ProxyHeaders.STREAM_STATE, now.name());
            message.setHeader(ProxyHeaders.STREAM_STATE_BEFORE, before.name());
            if (failure != null) {
                message.setHeader(ProxyHeaders.LAST_FAILURE, failure);
            }
        }));
    }

    private String sentence(StreamState now, @Nullable String reason) {
        String of = "the stream of " + settings.domain() + " to " + settings.stream();
        return switch (now) {
            case READY -> of + " is ready";
            case DISCONNECTED -> of + " is down" + (reason == null ? "" : ": " + reason);
            case CONNECTING, OPENING, HANDSHAKING, CLOSING ->
                of + " is " + now.name().toLowerCase(Locale.ROOT);
        };
    }
}
