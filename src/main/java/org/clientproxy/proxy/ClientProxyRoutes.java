package org.clientproxy.proxy;

import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.ChoiceDefinition;
import org.jspecify.annotations.Nullable;

/**
 * The way of a stanza through one proxy. Wiring only: what a step does stands in the bean that it names, and every step
 * could be written in YAML or XML just so ({@code routes/client-proxy.yaml} is that twin).
 *
 * <p>Nothing is cached, for a stanza can be read any number of times. There is no error handler, and no {@code doTry} on the
 * way of a stanza, for each of them costs all that goes well. What fails goes to the route {@code failures} by
 * {@link ToFailures}, the exception handler of the stream's consumer and of the aggregator.
 */
final class ClientProxyRoutes extends RouteBuilder {
    /** The routes that each proxy must have, in whatever language they are written. */
    static final List<String> ROLES = List.of("stanzas", "attempts", "correlate", "answers", "failures");

    private final String name;
    private final @Nullable String accept;

    /**
     * @param name the proxy's name, which begins the id of each route and step and the name of each bean
     * @param accept XPath that a request must satisfy, or null
     */
    ClientProxyRoutes(String name, @Nullable String accept) {
        this.name = name;
        this.accept = accept;
    }

    // The indentation below follows the blocks of the routes.
    // spotless:off
    @Override
    public void configure() {
        errorHandler(noErrorHandler());

        from(entry("attempts")).routeId(id("attempts")).streamCache(false)
            .description("One attempt at a request: choose a resource, correlate, send")
            .process(id("choose")).id(id("choose"))
                .description("A resource of the pool; none while the pool is not confirmed")
            .choice().id(id("by-choice")).description("Without a resource the request waits for the pool")
                .when(simple("${header.ClientProxyResource} == null"))
                    .process(id("await-pool")).id(id("await-pool"))
                        .description("A key under which the request waits for the pool")
                    .to(direct("correlate")).id(id("open-waiting")).description("Pending until the pool is confirmed")
                .otherwise()
                    .process(id("translate-request")).id(id("translate-request"))
                        .description("From the encoded-from, to the resource; and the key of the reply")
                    .to(direct("correlate")).id(id("open")).description("Pending before it is written")
                    .to("{{" + name + ".endpoint}}").id(id("send-request")).description("To the resource")
            .end();

        from(entry("correlate")).routeId(id("correlate")).streamCache(false)
            .description("Brings each attempt together with its one ending")
            .aggregate(simple("${header.ClientProxyKey}")).id(id("pending")).description("One group per attempt")
                    .aggregationStrategy(id("correlation"))
                    .aggregationRepository(id("pending-requests"))
                    .aggregateController("#" + id("to-failures"))
                    .executorService(id("inline"))
                .process(id("decide")).id(id("decide")).description("Answer, attempt again, or drop")
                .choice().id(id("by-verdict")).description("What the decision was")
                    .when(simple("${header.ClientProxyVerdict} == 'answer'"))
                        .to(direct("answers")).id(id("to-answers")).description("The request has its answer")
                    .when(simple("${header.ClientProxyVerdict} == 'attempt'"))
                        .to(direct("attempts")).id(id("to-next-attempt")).description("The request goes to a resource")
                .endChoice().end()
            .end();

        from(entry("answers")).routeId(id("answers")).streamCache(false)
            .description("The one answer to a request")
            .process(id("translate-reply")).id(id("translate-reply"))
                .description("From the address that the requester used, to the requester, with its id")
            .to("{{" + name + ".endpoint}}").id(id("send-answer")).description("To the requester");

        from(entry("failures")).routeId(id("failures")).streamCache(false)
            .description("A request that one of our steps refused or failed at is answered all the same")
            .process(id("fail")).id(id("fail")).description("The error that the requester gets")
            .choice().id(id("by-failure")).description("Through the correlation first; without it if that fails too")
                .when(simple("${header.ClientProxyVerdict} == 'settle'"))
                    .to(direct("correlate")).id(id("settle")).description("Ends the pending request")
                .when(simple("${header.ClientProxyVerdict} == 'answer'"))
                    .to("{{" + name + ".endpoint}}").id(id("send-failure")).description("To the requester")
            .end();

        stanzas();
    }

    /** Where it all begins. Added last, for Camel starts routes in their order: none comes before the others can take it. */
    private void stanzas() {
        ChoiceDefinition bySort = from("{{" + name + ".endpoint}}&exchangePattern=InOnly&exceptionHandler=#" + id("to-failures"))
            .routeId(id("stanzas")).streamCache(false)
            .description("Each stanza that the server sends to the proxy host")
            .process(id("sort")).id(id("sort")).description("Says what the stanza is to the proxy")
            .choice().id(id("by-sort")).description("What is none of these is dropped in silence")
                .when(simple("${header.ClientProxySort} == 'request'"))
                    .process(id("admit")).id(id("admit")).description("Limits, and who may send");
        if (accept != null) {
            bySort = bySort
                    .validate().xpath("{{" + name + ".accept}}").id(id("accept"))
                        .description("What the requester sent must satisfy proxy.accept")
                    .endChoice();
        }
        bySort
                    .to(direct("attempts")).id(id("first-attempt")).description("To one of the resources")
                .when(simple("${header.ClientProxySort} == 'reply'"))
                    .process(id("key-reply")).id(id("key-reply")).description("The key that its addresses and its id spell")
                    .to(direct("correlate")).id(id("complete")).description("Ends the pending request, if there is one")
                .when(simple("${header.ClientProxySort} == 'target-presence'"))
                    .process(id("presence")).id(id("presence")).description("Updates subscription and pool")
                .when(simple("${header.ClientProxySort} == 'unsupported'"))
                    .process(id("refuse")).id(id("refuse")).description("The refusal that XMPP defines")
                    .to("{{" + name + ".endpoint}}").id(id("send-refusal")).description("To the sender")
            .end();
    }
    // spotless:on

    private String id(String role) {
        return name + '-' + role;
    }

    private String entry(String route) {
        return "direct:" + id(route);
    }

    /** The producer must not wait for a route that is not there: it would hold up the loop, and all stanzas with it. */
    private String direct(String route) {
        return entry(route) + "?block=false";
    }
}
