package org.clientproxy.proxy.routes;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.clientproxy.proxy.hooks.ProxyHeaders;
import org.clientproxy.proxy.pending.PendingRequest;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.proxy.pool.ChoiceRules;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.pool.ResourcePatterns;
import org.clientproxy.proxy.pool.WantedFeature;
import org.clientproxy.proxy.settings.Adjustable;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.WorkerKeys;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.StanzaErrorException;
import org.jspecify.annotations.Nullable;

/**
 * The step {@code choose}: enriches the request with a resource of the pool, in the header {@link ProxyHeaders#RESOURCE}.
 * Where none can be chosen, but the request may wait for one, or it is not known yet whether somebody announces the feature that
 * the request must have, it is pending at once, and goes no further until there is one or that is known.
 *
 * <p>A step before it, or the gate, may say more of the choice, in the headers {@link ProxyHeaders#STICKY_KEY} and {@link
 * ProxyHeaders#RESOURCES}. The request keeps what they say, for its further attempts. Used on the loop only.
 */
public final class ChooseResource implements Processor, Adjustable {
    /** So many different patterns are kept parsed, and shared by the requests that have them. */
    private static final int KNOWN_PATTERNS = 100;

    private final PendingRequests pendingRequests;
    private final StreamLoop loop;
    private final WantedFeatures features;
    private long learningNanos;

    private final Map<String, ResourcePatterns> patterns = new HashMap<>();

    public ChooseResource(PendingRequests pendingRequests, StreamLoop loop, ProxySettings settings) {
        this.pendingRequests = pendingRequests;
        this.loop = loop;
        this.features = new WantedFeatures(settings.get(WorkerKeys.FEATURES));
        this.learningNanos = settings.confirmTimeout().toNanos();
    }

    @Override
    public void adjust(ProxySettings now) {
        learningNanos = now.confirmTimeout().toNanos();
    }

    @Override
    public void process(Exchange exchange) {
        PendingRequest pending = Correlation.pending(exchange);
        heed(exchange.getMessage(), pending);
        pending.choose(features.with(pending.choiceRules(), pending.request()));
        PooledResource chosen = pendingRequests.choose(pending);
        if (chosen != null) {
            learnt(pending);
            exchange.getMessage().setHeader(ProxyHeaders.RESOURCE, chosen);
        } else if (pendingRequests.goOn(pending)) {
            exchange.setRouteStop(true);
        } else if (pendingRequests.mayWait(pending)) {
            pendingRequests.await(pending);
            exchange.setRouteStop(true);
        } else if (pendingRequests.isLearningFor(pending) && mayAwaitLearning(pending)) {
            pendingRequests.awaitUntil(
                    pending,
                    Objects.requireNonNull(pending.choiceRules().feature()).until());
            exchange.setRouteStop(true);
        } else {
            throw new StanzaErrorException(pendingRequests.noResource(pending));
        }
    }

    /** Whether a request may wait on until it is known what somebody announces; it begins to wait where it did not. */
    private boolean mayAwaitLearning(PendingRequest pending) {
        ChoiceRules rules = pending.choiceRules();
        WantedFeature feature = Objects.requireNonNull(rules.feature());
        long now = loop.nanoTime();
        if (!feature.isWaiting()) {
            pending.choose(rules.wanting(feature.waitingUntil(now + learningNanos)));
            return true;
        }
        return feature.until() - now > 0;
    }

    /** It waits no more, and may wait again before another attempt. */
    private static void learnt(PendingRequest pending) {
        ChoiceRules rules = pending.choiceRules();
        if (rules.feature() != null && rules.feature().isWaiting()) {
            pending.choose(rules.wanting(rules.feature().waitingUntil(WantedFeature.NOT_WAITING)));
        }
    }

    /** Takes what the route says of the choice over into the request. */
    private void heed(Message message, PendingRequest pending) {
        String stickyKey = text(message, ProxyHeaders.STICKY_KEY);
        String among = text(message, ProxyHeaders.RESOURCES);
        if (stickyKey == null && among == null) {
            return;
        }
        ChoiceRules rules = pending.choiceRules();
        if (stickyKey != null) {
            rules = rules.stickyBy(stickyKey);
        }
        if (among != null) {
            rules = rules.among(patterns(among));
        }
        pending.choose(rules);
    }

    /** The header as text; null where it is absent, or empty as the text of what an XPath did not find. */
    private static @Nullable String text(Message message, String header) {
        if (message.getHeader(header) == null) {
            return null;
        }
        String text = message.getHeader(header, String.class);
        if (text == null) {
            throw new IllegalStateException("the header " + header + " is no text");
        }
        return text.isEmpty() ? null : text;
    }

    private ResourcePatterns patterns(String text) {
        if (patterns.size() >= KNOWN_PATTERNS) {
            patterns.clear();
        }
        return patterns.computeIfAbsent(text, ResourcePatterns::parse);
    }
}
