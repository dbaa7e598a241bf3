package org.clientproxy.proxy.reload;

import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.camel.model.AggregateDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.clientproxy.proxy.settings.AnswerKeys;
import org.clientproxy.proxy.settings.MessageKeys;
import org.clientproxy.proxy.settings.PresenceUse;
import org.clientproxy.proxy.settings.ProxySettings;
import org.jspecify.annotations.Nullable;

/**
 * What the proxy's own routes must hold when they come from a file: each step without which a request would not end, or not
 * end rightly. It would be missed late, when somebody waits for an answer. A step is known by its id; what else stands between
 * the steps is the operator's matter.
 */
final class OwnRoutesCheck {
    /** A step by its role, and what happens without it. */
    private record Step(String role, String without) {}

    /**
     * Steps of one route that come in this order.
     *
     * @param need what makes them needed; null: they always are
     */
    private record Way(
            String route, List<Step> steps, @Nullable Need need) {
        Way(String route, List<Step> steps) {
            this(route, steps, null);
        }

        boolean isNeeded(ProxySettings settings) {
            return need == null || need.wanted.test(settings);
        }
    }

    /**
     * What not every proxy has: a file from before that was there goes on without.
     *
     * @param key the key that wants it
     * @param branch the role of the predicate at whose branch the steps are
     */
    private record Need(String key, String branch, Predicate<ProxySettings> wanted) {}

    private static Need messages(String branch) {
        return new Need("proxy.messages", branch, settings -> settings.get(MessageKeys.MESSAGES));
    }

    private static final List<Way> WAYS = List.of(
            new Way(
                    "stanzas",
                    List.of(
                            new Step("admit", "no request is taken in, so none is answered"),
                            new Step("choose", "a request has no resource to go to"),
                            new Step(
                                    "translate",
                                    "a request does not bear the resource's address, and its reply has no key"),
                            new Step(
                                    "open",
                                    "a request is not pending, so its reply finds nothing and its time never ends"),
                            new Step("send-request", "a request goes to nobody, and ends when its time is over"))),
            new Way(
                    "stanzas",
                    List.of(
                            new Step(
                                    "admit-reverse",
                                    "no request of a session of the target to a requester is taken in, so none is"
                                            + " answered"),
                            new Step(
                                    "translate-reverse",
                                    "a request of a session of the target does not bear the requester's address, and its"
                                            + " reply has no key"),
                            new Step(
                                    "open-reverse",
                                    "a request of a session of the target is not pending, so its reply finds nothing"),
                            new Step(
                                    "send-reverse",
                                    "a request of a session of the target goes to nobody, and ends when its time is"
                                            + " over")),
                    new Need("proxy.reverse", "is-reverse", ProxySettings::reverse)),
            new Way(
                    "stanzas",
                    List.of(
                            new Step("admit-message", "no message of a requester is taken in"),
                            new Step("choose-holder", "a message has no resource to go to"),
                            new Step("translate-message", "a message does not bear the resource's address"),
                            new Step("send-message", "a message of a requester goes to nobody")),
                    messages("is-message")),
            new Way(
                    "stanzas",
                    List.of(
                            new Step("admit-reverse-message", "no message of a session of the target is taken in"),
                            new Step(
                                    "translate-reverse-message",
                                    "a message of a session of the target does not bear the requester's address"),
                            new Step("send-reverse-message", "a message of a session of the target goes to nobody")),
                    messages("is-reverse-message")),
            new Way("stanzas", List.of(new Step("complete", "a reply does not end its request"))),
            new Way(
                    "stanzas",
                    List.of(new Step("receive-presence", "nobody is known to be there, so no request is passed on"))),
            new Way(
                    "stanzas",
                    List.of(
                            new Step("answer-locally", "what the proxy host answers itself gets no answer"),
                            new Step("send-local-answer", "what the proxy host answers itself gets no answer")),
                    new Need("proxy.answer", "is-answered-here", settings -> !settings.get(AnswerKeys.ANSWER)
                            .isEmpty())),
            new Way(
                    "stanzas",
                    List.of(
                            new Step("answer-unsupported", "what the proxy does not support gets no right answer"),
                            new Step("send-refusal", "what the proxy does not support gets no answer"))),
            new Way(
                    "correlate",
                    List.of(
                            new Step("decide", "nothing is done when a request has ended"),
                            new Step("translate-reply", "an answer does not bear the requester's address"),
                            new Step("send-answer", "the requester gets no answer"))),
            new Way(
                    "correlate",
                    List.of(
                            new Step(
                                    "next-choose",
                                    "a request that waited, or whose session left, has no resource to go to"),
                            new Step(
                                    "next-translate",
                                    "a request that waited, or whose session left, does not bear the resource's address"),
                            new Step(
                                    "open-next",
                                    "a request that waited, or whose session left, is not pending any more, so it has no answer"),
                            new Step(
                                    "send-next",
                                    "a request that waited, or whose session left, goes to nobody, and ends when its time is over"))),
            new Way(
                    "failures",
                    List.of(
                            new Step("fail", "a request that is refused, or at which a step fails, has no answer"),
                            new Step("settle", "a request that is refused, or at which a step fails, stays pending"),
                            new Step("send-failure", "a request at whose answer a step fails has no answer"))),
            new Way(
                    "stanzas",
                    List.of(new Step(
                            "receive-service-presence",
                            "nobody who has the proxy host in its roster sees whether the service is there")),
                    new Need("proxy.presence", "is-service-presence", settings -> settings.uses(PresenceUse.SERVICE))),
            new Way(
                    "stanzas",
                    List.of(
                            new Step("relay-presence", "the presence of requesters and resources is not passed on"),
                            new Step("send-presence", "the presence of requesters and resources goes to nobody")),
                    new Need("proxy.presence", "is-relayed-presence", settings -> settings.uses(PresenceUse.RELAY))));

    private final UnaryOperator<String> id;
    private final ProxySettings settings;

    /** @param id makes the id of a role: that of a route, a step or a bean */
    OwnRoutesCheck(UnaryOperator<String> id, ProxySettings settings) {
        this.id = id;
        this.settings = settings;
    }

    /** Whether there is a step which the routes need for these settings, and not for those. */
    static boolean needsMore(ProxySettings now, ProxySettings before) {
        return WAYS.stream().anyMatch(way -> way.isNeeded(now) && !way.isNeeded(before));
    }

    /** What is wrong with the routes, all of which are there; null where nothing is. */
    @Nullable
    String wrong(List<RouteDefinition> routes) {
        String beginning = wrongBeginning(routes);
        if (beginning != null) {
            return beginning;
        }
        String aggregate = wrongAggregate(route(routes, "correlate"));
        if (aggregate != null) {
            return aggregate;
        }
        for (Way way : WAYS) {
            String wrong = way.isNeeded(settings) ? wrong(way, route(routes, way.route())) : null;
            if (wrong != null) {
                return wrong;
            }
        }
        boolean messages = settings.get(MessageKeys.MESSAGES);
        for (String step : messages ? List.of("accept", "accept-message") : List.of("accept")) {
            if (settings.accept() != null && step(route(routes, "stanzas"), step) < 0) {
                return "hold the route " + id.apply("stanzas") + ", which has no step " + id.apply(step)
                        + ", though proxy.accept is set; take the marks of the comment away from it, or unset"
                        + " proxy.accept";
            }
        }
        return null;
    }

    private @Nullable String wrongBeginning(List<RouteDefinition> routes) {
        String handler = '#' + id.apply("to-failures");
        if (!route(routes, "stanzas").getInput().getEndpointUri().contains(handler)) {
            return "hold the route " + id.apply("stanzas") + " without exceptionHandler=" + handler
                    + " in the uri of its from; without it a request at which a step fails has no answer";
        }
        for (String role : List.of("correlate", "failures")) {
            String address = "direct:" + id.apply(role);
            if (!route(routes, role)
                    .getInput()
                    .getEndpointUri()
                    .matches("direct:(//)?" + id.apply(role) + "(\\?.*)?")) {
                return "hold the route " + id.apply(role) + " with another from than " + address
                        + "; without it no request comes there, and those that end without a reply have no answer";
            }
        }
        return null;
    }

    private @Nullable String wrongAggregate(RouteDefinition correlate) {
        Collection<AggregateDefinition> all =
                ProcessorDefinitionHelper.filterTypeInOutputs(correlate.getOutputs(), AggregateDefinition.class);
        String controller = '#' + id.apply("correlate");
        if (all.stream().noneMatch(each -> controller.equals(each.getAggregateController()))) {
            return "hold the route " + id.apply("correlate") + " whose aggregate is without aggregateController: "
                    + controller + "; without it no request comes there, and one at which a step fails has no answer";
        }
        if (all.stream().noneMatch(each -> names(each.getAggregationStrategy(), "correlation"))) {
            return "hold the route " + id.apply("correlate") + " whose aggregate is without aggregationStrategy: "
                    + id.apply("correlation") + "; without it no reply is brought to its request";
        }
        if (all.stream().noneMatch(each -> names(each.getAggregationRepository(), "pending-requests"))) {
            return "hold the route " + id.apply("correlate") + " whose aggregate is without aggregationRepository: "
                    + id.apply("pending-requests")
                    + "; without it no request is pending, and none has a time that ends";
        }
        return null;
    }

    private boolean names(@Nullable String reference, String role) {
        return reference != null && id.apply(role).equals(reference.replaceFirst("^#(bean:)?", ""));
    }

    private @Nullable String wrong(Way way, RouteDefinition route) {
        int before = -1;
        for (Step step : way.steps()) {
            int place = step(route, step.role());
            if (place < 0) {
                Need need = way.need();
                return "hold the route " + route.getRouteId() + " without the step " + id.apply(step.role())
                        + (need == null
                                ? ""
                                : " in the branch " + id.apply(need.branch()) + ", which " + need.key() + " wants")
                        + "; without it " + step.without() + ". Take it over from routes/client-proxy.yaml"
                        + (need == null ? "" : ", or turn " + need.key() + " off");
            }
            if (place < before) {
                return "hold the route " + route.getRouteId() + " with the step " + id.apply(step.role())
                        + " too early; the order of the steps of routes/client-proxy.yaml is the order in which they work";
            }
            before = place;
        }
        return null;
    }

    /** The place of a step among all of a route, however deep it stands in blocks; negative where it is not, or is disabled. */
    private int step(RouteDefinition route, String role) {
        int place = 0;
        for (ProcessorDefinition<?> each :
                ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ProcessorDefinition.class)) {
            if (id.apply(role).equals(each.getId()) && !isDisabled(each)) {
                return place;
            }
            place++;
        }
        return -1;
    }

    private static boolean isDisabled(ProcessorDefinition<?> step) {
        for (ProcessorDefinition<?> each = step; each != null; each = each.getParent()) {
            if ("true".equals(each.getDisabled())) {
                return true;
            }
        }
        return false;
    }

    private RouteDefinition route(List<RouteDefinition> routes, String role) {
        return routes.stream()
                .filter(route -> id.apply(role).equals(route.getRouteId()))
                .findFirst()
                .orElseThrow();
    }
}
