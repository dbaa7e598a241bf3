package org.clientproxy.proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.spi.CamelTracingService;
import org.apache.camel.util.concurrent.SynchronousExecutorService;
import org.clientproxy.proxy.conversations.AccountRates;
import org.clientproxy.proxy.hooks.ProxyHeaders;
import org.clientproxy.proxy.jat.LateRequesters;
import org.clientproxy.proxy.routes.AdmitMessage;
import org.clientproxy.proxy.routes.AdmitRequest;
import org.clientproxy.proxy.routes.AdmitReverse;
import org.clientproxy.proxy.routes.AnswerLocally;
import org.clientproxy.proxy.routes.AnswerUnsupported;
import org.clientproxy.proxy.routes.AttemptIds;
import org.clientproxy.proxy.routes.ChooseHolder;
import org.clientproxy.proxy.routes.ChooseResource;
import org.clientproxy.proxy.routes.Correlate;
import org.clientproxy.proxy.routes.Correlation;
import org.clientproxy.proxy.routes.Decide;
import org.clientproxy.proxy.routes.Drain;
import org.clientproxy.proxy.routes.DropStanza;
import org.clientproxy.proxy.routes.EndingSender;
import org.clientproxy.proxy.routes.FailRequest;
import org.clientproxy.proxy.routes.HeaderIs;
import org.clientproxy.proxy.routes.KeyOfExchange;
import org.clientproxy.proxy.routes.MessageAccess;
import org.clientproxy.proxy.routes.PendingRepository;
import org.clientproxy.proxy.routes.ReceivePresence;
import org.clientproxy.proxy.routes.ReceiveServicePresence;
import org.clientproxy.proxy.routes.RelayPresence;
import org.clientproxy.proxy.routes.ReverseAddresses;
import org.clientproxy.proxy.routes.RouteEntry;
import org.clientproxy.proxy.routes.Standby;
import org.clientproxy.proxy.routes.Standstill;
import org.clientproxy.proxy.routes.StanzaRole;
import org.clientproxy.proxy.routes.StanzaRoles;
import org.clientproxy.proxy.routes.StreamMessages;
import org.clientproxy.proxy.routes.ToFailures;
import org.clientproxy.proxy.routes.TraceLink;
import org.clientproxy.proxy.routes.TranslateMessage;
import org.clientproxy.proxy.routes.TranslateReply;
import org.clientproxy.proxy.routes.TranslateRequest;
import org.clientproxy.proxy.routes.TranslateReverse;
import org.clientproxy.proxy.routes.Verdict;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.stream.StreamLoop;

/** The beans that the routes name: the steps by their roles, the predicates, and what stands in while routes are stopped. */
final class RouteBeans {
    private final CamelContext context;
    private final ProxyParts parts;
    private final ProxySettings settings;
    private final StreamLoop loop;
    private final boolean traced;
    private final LateRequesters late;
    private final AttemptIds ids;
    private final ReverseAddresses addresses;
    private final StanzaRoles roles;
    private final Standby.Steps steps;
    private final Standby standby;
    private final ToFailures toFailures;
    private final Correlate correlate;
    private final List<String> bound = new ArrayList<>();

    RouteBeans(CamelContext context, ProxyParts parts) {
        this.context = context;
        this.parts = parts;
        this.settings = parts.settings;
        this.loop = parts.stream.loop();
        this.traced = context.hasService(CamelTracingService.class) != null;
        this.late = new LateRequesters(parts.jat, settings.replyTimeout());
        parts.adjustables.add(late);
        this.ids = new AttemptIds(parts.pendingRequests, parts::randomId);
        this.addresses = new ReverseAddresses(settings, parts.jat, late, loop);
        if (parts.presence.service != null) {
            addresses.subscribers(parts.presence.service::isSubscriber);
        }
        this.roles = new StanzaRoles(settings, addresses, parts.localQuestions);
        parts.adjustables.add(addresses);
        parts.adjustables.add(roles);
        this.steps = steps();
        this.standby = new Standby(context, parts.stream, parts.pendingRequests, parts.counters, steps);
        this.toFailures = new ToFailures(entry("failures", standby::fail), loop);
        this.correlate = new Correlate(toFailures, standby::correlate, parts.use::awaitLoop);
        standby.beside(correlate, toFailures);
    }

    /** The steps that {@link Standby} takes, too. */
    private Standby.Steps steps() {
        ChooseResource choose = new ChooseResource(parts.pendingRequests, loop, settings);
        parts.adjustables.add(choose);
        AccountRates refusals = new AccountRates(loop, settings);
        parts.adjustables.add(refusals);
        return new Standby.Steps(
                roles,
                new DropStanza(parts.counters),
                new ReceivePresence(parts.subscription),
                new ReceiveServicePresence(parts.presence.service),
                relayPresence(),
                new AnswerUnsupported(roles, refusals, parts.counters.reverseMessages()),
                answerLocally(),
                new Correlation(parts.pendingRequests.decisions(), parts.counters),
                new Decide(parts.pendingRequests, parts.counters, parts.subscription::suspect),
                choose,
                new TranslateRequest(parts.jat, late, loop, ids, settings),
                new TranslateReply(
                        parts.pendingRequests, parts.conversations, loop, parts.counters, parts.errors, parts.events),
                new FailRequest(parts.pendingRequests, loop, parts.events));
    }

    private AnswerLocally answerLocally() {
        AnswerLocally answer = new AnswerLocally(
                parts.localQuestions,
                parts.localAnswers,
                parts.access,
                parts.pendingRequests,
                parts.counters.local(),
                settings);
        parts.adjustables.add(answer);
        return answer;
    }

    private Processor relayPresence() {
        if (parts.presence.relay == null) {
            return exchange -> {
                // No presence comes here.
            };
        }
        return new RelayPresence(
                settings,
                loop,
                parts.pool,
                parts.pendingRequests,
                parts.conversations,
                parts.presence.relay,
                addresses,
                parts.jat,
                late,
                parts.access,
                parts.ratesIn,
                parts.ratesOut,
                parts.counters.presence());
    }

    private AdmitRequest admit() {
        AdmitRequest admit = new AdmitRequest(
                parts.pendingRequests,
                parts.access,
                loop,
                parts.counters,
                settings,
                traced,
                parts.gate,
                () -> !correlate.isRunning());
        parts.adjustables.add(admit);
        return admit;
    }

    private AdmitReverse admitReverse() {
        AdmitReverse admit = new AdmitReverse(
                parts.pendingRequests,
                addresses,
                parts.access,
                loop,
                parts.counters.reverse(),
                settings,
                traced,
                parts.reverseGate,
                () -> !correlate.isRunning());
        parts.adjustables.add(admit);
        return admit;
    }

    /** @param out whether these are the messages to requesters */
    private AdmitMessage admitMessage(boolean out) {
        MessageAccess access = new MessageAccess(
                out,
                parts.pendingRequests,
                parts.access,
                // Presence that is passed on counts for the same limit.
                out ? parts.ratesOut : parts.ratesIn,
                out ? parts.counters.reverseMessages() : parts.counters.messages());
        if (!out) {
            StreamMessages messages = new StreamMessages(settings, parts.stream, addresses, access);
            parts.stream.messagesBy(messages);
            parts.adjustables.add(messages);
        }
        return new AdmitMessage(access, addresses, parts.messageGate);
    }

    /** Binds each bean by its role, behind the name of the proxy. */
    void bind() {
        TranslateMessage translateMessage = new TranslateMessage(parts.conversations, parts.jat, late, loop, settings);
        Map<String, Object> beans = Map.ofEntries(
                Map.entry("admit-message", admitMessage(false)),
                Map.entry(
                        "choose-holder",
                        new ChooseHolder(parts.pool, parts.conversations, parts.heldMessages, parts.pendingRequests)),
                Map.entry("translate-message", translateMessage),
                Map.entry("admit-reverse-message", admitMessage(true)),
                Map.entry("translate-reverse-message", translateMessage),
                Map.entry("drop", steps.drop()),
                Map.entry("admit", admit()),
                Map.entry("admit-reverse", admitReverse()),
                Map.entry("translate-reverse", new TranslateReverse(parts.conversations, loop, ids, settings)),
                Map.entry("choose", steps.choose()),
                Map.entry("translate", steps.translate()),
                Map.entry("receive-presence", steps.receivePresence()),
                Map.entry("receive-service-presence", steps.receiveServicePresence()),
                Map.entry("relay-presence", steps.relayPresence()),
                Map.entry("answer-unsupported", steps.answerUnsupported()),
                Map.entry("answer-locally", steps.answerLocally()),
                Map.entry("correlation", steps.correlation()),
                Map.entry("key", new KeyOfExchange()),
                Map.entry("pending-requests", new PendingRepository(parts.pendingRequests)),
                Map.entry("inline", new SynchronousExecutorService()),
                Map.entry("decide", steps.decide()),
                Map.entry("translate-reply", steps.translateReply()),
                Map.entry("correlate", correlate),
                Map.entry("to-failures", toFailures),
                Map.entry("fail", steps.fail()));
        beans.forEach(this::bind);
        for (StanzaRole role : StanzaRole.values()) {
            bind("is-" + role.key(), roles.is(role));
        }
        for (Verdict verdict : Verdict.values()) {
            bind("is-" + verdict.key(), new HeaderIs(ProxyHeaders.VERDICT, verdict.key()));
        }
        if (traced) {
            parts.use.received(new TraceLink(parts.pendingRequests)::join);
        }
    }

    /** The graceful stop of the proxy, which the consumer of its stream asks. */
    Drain drain(Standstill standstill) {
        Drain drain = new Drain(
                parts.stream,
                parts.pendingRequests,
                parts.subscription,
                parts.heldMessages,
                settings.drainTimeout(),
                request -> {
                    StanzaRole role = roles.of(request);
                    return role == StanzaRole.REQUEST || role == StanzaRole.REVERSE || role == StanzaRole.ANSWERED_HERE;
                },
                standby::stanza,
                standstill::isEntered,
                parts.store::handOver);
        parts.adjustables.add(drain);
        return drain;
    }

    /** The way of endings that no stanza brings, on which they wait while routes are replaced. */
    Standstill standstill() {
        return new Standstill(parts.use, new EndingSender(context, entry("correlate", correlate), loop));
    }

    private RouteEntry entry(String route, Processor inItsPlace) {
        return new RouteEntry(context, "direct:" + settings.name() + '-' + route, inItsPlace);
    }

    private void bind(String role, Object bean) {
        String name = settings.name() + '-' + role;
        context.getRegistry().bind(name, bean);
        bound.add(name);
    }

    /** The proxy is taken out of its context. */
    void unbind() {
        bound.forEach(context.getRegistry()::unbind);
    }
}
