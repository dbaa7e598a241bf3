package org.clientproxy.proxy;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.apache.camel.CamelContext;
import org.clientproxy.component.StreamUse;
import org.clientproxy.proxy.answer.LocalAnswers;
import org.clientproxy.proxy.answer.LocalQuestions;
import org.clientproxy.proxy.conversations.AccountRates;
import org.clientproxy.proxy.conversations.Conversations;
import org.clientproxy.proxy.conversations.HeldMessages;
import org.clientproxy.proxy.features.FeatureLearning;
import org.clientproxy.proxy.features.LearntFeatures;
import org.clientproxy.proxy.hooks.Gate;
import org.clientproxy.proxy.hooks.Hooks;
import org.clientproxy.proxy.hooks.MessageGate;
import org.clientproxy.proxy.hooks.ProxyEvents;
import org.clientproxy.proxy.jat.JatCodec;
import org.clientproxy.proxy.jat.JatKeys;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.proxy.pending.PendingStore;
import org.clientproxy.proxy.pool.CopiesWarning;
import org.clientproxy.proxy.pool.Ejections;
import org.clientproxy.proxy.pool.PoolListener;
import org.clientproxy.proxy.pool.Queries;
import org.clientproxy.proxy.pool.ResourcePool;
import org.clientproxy.proxy.pool.TargetWatch;
import org.clientproxy.proxy.routes.AccessRules;
import org.clientproxy.proxy.settings.Adjustable;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.WorkerKeys;
import org.clientproxy.proxy.stats.ProxyCounters;
import org.clientproxy.proxy.stats.RecentErrors;
import org.clientproxy.stream.ComponentStream;

/** The parts of one proxy that its routes stand on, in the order in which they are made. */
final class ProxyParts {
    final ProxySettings settings;
    private final Random random;
    final ProxyCounters counters = new ProxyCounters();
    final RecentErrors errors = new RecentErrors(Instant::now);
    final JatCodec jat;
    final StreamEndpoint endpoint;
    final StreamUse use;
    final ComponentStream stream;
    final Hooks hooks;
    final Queries queries;
    final ProxyEvents events;
    final ResourcePool pool;
    /** Who may send requests and the like: one for all who ask. */
    final AccessRules access;

    final Conversations conversations;
    final AccountRates ratesIn;
    final AccountRates ratesOut;
    final PendingStore store;
    final PendingRequests pendingRequests;
    final Gate gate;
    final Gate reverseGate;
    final MessageGate messageGate;
    final HeldMessages heldMessages;
    final TargetWatch subscription;
    final Ejections ejections;
    final FeatureLearning learning;
    final LocalQuestions localQuestions;
    final LocalAnswers localAnswers;
    final PresenceParts presence;
    /** Those that are told of an edit, on the loop: every part that keeps a value of a key that takes effect at once. */
    final List<Adjustable> adjustables = new ArrayList<>();

    ProxyParts(CamelContext context, ProxySettings settings, StoreOpening opening, InstantSource clock, Random random) {
        this.random = random;
        this.settings = settings;
        this.jat = new JatCodec(settings.domain(), JatKeys.of(settings), settings.encodedFrom());
        this.endpoint = new StreamEndpoint(context, settings);
        this.use = endpoint.use();
        this.stream = use.stream();
        this.queries = new ProxyQueries(settings.domain(), use, this::queryId);
        this.hooks = new Hooks(context, settings.name());
        this.events = new ProxyEvents(hooks, stream, settings);
        // Balance needs no secrecy; ids do.
        this.pool = new ResourcePool(
                settings.selection(), settings.get(WorkerKeys.AVOID_SHOW), new SplittableRandom(random.nextLong()));
        pool.limitEach(settings.get(WorkerKeys.MAX_PENDING_PER_RESOURCE));
        pool.watchedBy(events::poolChanged);
        this.access = new AccessRules(settings.allow(), settings.deny());
        adjustables.add(access);
        this.conversations = new Conversations(stream.loop(), pool, settings);
        this.ratesIn = new AccountRates(stream.loop(), settings);
        this.ratesOut = new AccountRates(stream.loop(), settings);
        // Last of what may fail, for it locks its directory.
        this.store = openStore(opening);
        this.pendingRequests = new PendingRequests(stream.loop(), pool, store, settings);
        this.gate = new Gate(hooks.requestAdmitted, pendingRequests, stream.loop());
        this.reverseGate = new Gate(hooks.reverseAdmitted, pendingRequests, stream.loop());
        this.messageGate = new MessageGate(hooks.messageAdmitted, stream.loop());
        this.heldMessages = new HeldMessages(stream.loop(), pool, settings);
        this.pendingRequests.abandonedTo(counters.reverse()::abandon);
        this.localQuestions = new LocalQuestions(settings);
        this.localAnswers = new LocalAnswers(settings, stream.loop(), pool, localQuestions);
        this.presence = new PresenceParts(
                settings, stream, pool, pendingRequests, access, localAnswers, counters.presence(), clock, adjustables);
        PoolListener waiting = PoolListener.both(pendingRequests, heldMessages);
        this.subscription = TargetWatch.of(
                settings,
                stream.loop(),
                pool,
                presence.hearing(waiting, pool, stream.loop()),
                new ProxyPresences(settings.domain(), stream));
        this.ejections = new Ejections(settings, stream.loop(), pool, queries, waiting, subscription::suspect);
        pendingRequests.tell(ejections);
        this.learning = new FeatureLearning(
                pool, () -> new LearntFeatures(stream.loop(), queries, counters.features(), subscription::wakeWaiting));
        learning.adjust(settings);
        adjustables.add(new CopiesWarning(stream.loop(), pool, settings));
        NextConnection next = new NextConnection(context, settings, stream.settings());
        stream.renewedBy(next);
        adjustables.add(next);
        adjustables.add(pool);
        adjustables.add(conversations);
        adjustables.add(ratesIn);
        adjustables.add(ratesOut);
        adjustables.add(pendingRequests);
        adjustables.add(heldMessages);
        adjustables.add(subscription);
        adjustables.add(ejections);
        adjustables.add(learning);
    }

    private String queryId() {
        String own = store.ownId();
        return own == null ? HexFormat.of().formatHex(randomId()) : own;
    }

    /** 128 random bits. */
    byte[] randomId() {
        byte[] id = new byte[16];
        random.nextBytes(id);
        return id;
    }

    private void removeEndpoint(RuntimeException why) {
        try {
            endpoint.remove();
        } catch (Exception e) {
            why.addSuppressed(e);
        }
    }

    private PendingStore openStore(StoreOpening opening) {
        try {
            return opening.open(stream);
        } catch (RuntimeException e) {
            hooks.end();
            use.close();
            removeEndpoint(e);
            throw e;
        }
    }
}
