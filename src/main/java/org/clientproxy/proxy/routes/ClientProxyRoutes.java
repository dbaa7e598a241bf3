package org.clientproxy.proxy.routes;

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
 * {@link ToFailures}, the exception handler of the stream's consumer and of the aggregator. What goes to the aggregator goes
 * there by {@link Correlate}, without a hop; through the route's own entry come the endings that no stanza brings.
 */
public final class ClientProxyRoutes extends RouteBuilder {
    /** The routes that each proxy must have, in whatever language they are written. */
    public static final List<String> ROLES = List.of("stanzas", "correlate", "failures");

    private final String name;
    private final @Nullable String accept;

    /**
     * @param name the proxy's name, which begins the id of each route and step and the name of each bean
     * @param accept XPath that a request must satisfy, or null
     */
    public ClientProxyRoutes(String name, @Nullable String accept) {
        this.name = name;
        this.accept = accept;
    }

    // The indentation below follows the blocks of the routes.
    // spotless:off
    @Override
    public void configure() {
        errorHandler(noErrorHandler());

        from("direct:" + id("correlate")).routeId(id("correlate")).streamCache(false)
            .description("Brings each attempt together with its one ending")
            .aggregate().ref(id("key")).id(id("pending")).description("One group per attempt")
                    .aggregationStrategy(id("correlation"))
                    .aggregationRepository(id("pending-requests"))
                    .aggregateController("#" + id("correlate"))
                    .executorService(id("inline"))
                .process(id("decide")).id(id("decide")).description("Answer, attempt again, or drop")
                .choice().id(id("by-verdict")).description("What the decision was")
                    .when().ref(id("is-answer"))
                        .process(id("translate-reply")).id(id("translate-reply"))
                            .description("From the address that the requester used, to the requester, with its id")
                        .to("{{" + name + ".endpoint}}").id(id("send-answer")).description("To the requester")
                    .when().ref(id("is-attempt"))
                        .process(id("choose")).id(id("next-choose")).description("Another resource, or the first one now that the pool is known")
                        .process(id("translate")).id(id("next-translate")).description("Its address, the requester's encoded-from, and the key of the reply")
                        .process(id("correlate")).id(id("open-next")).description("Pending again")
                        .to("{{" + name + ".endpoint}}").id(id("send-next")).description("To the resource")
                .endChoice().end()
            .end();

        from("direct:" + id("failures")).routeId(id("failures")).streamCache(false)
            .description("A request that one of our steps refused or failed at is answered all the same")
            .process(id("fail")).id(id("fail")).description("The error that the requester gets")
            .choice().id(id("by-failure")).description("Through the correlation first; without it if that fails too")
                .when().ref(id("is-settle"))
                    .process(id("correlate")).id(id("settle")).description("Ends the pending request")
                .when().ref(id("is-answer"))
                    .to("{{" + name + ".endpoint}}").id(id("send-failure")).description("To the requester")
            .end();

        stanzas();
    }

    /** Where it all begins. Added last, for Camel starts routes in their order: none comes before the others can take it. */
    private void stanzas() {
        ChoiceDefinition byRole = from("{{" + name + ".endpoint}}&exchangePattern=InOnly&stanzaHeaders=false&exceptionHandler=#" + id("to-failures"))
            .routeId(id("stanzas")).streamCache(false)
            .description("Each stanza that the server sends to the proxy host")
            .choice().id(id("by-role")).description("What the stanza is to the proxy")
                .when().ref(id("is-request"))
                    .process(id("admit")).id(id("admit")).description("Limits, and who may send");
        if (accept != null) {
            byRole = byRole
                    .validate().xpath("{{" + name + ".accept}}").id(id("accept"))
                        .description("What the requester sent must satisfy proxy.accept")
                    .endChoice();
        }
        byRole
                    .process(id("choose")).id(id("choose"))
                        .description("Enriches the request with a resource of the pool; before the pool is known the request waits, and goes no further")
                    .process(id("translate")).id(id("translate"))
                        .description("Its address, the requester's encoded-from, and the key of the reply")
                    .process(id("correlate")).id(id("open")).description("Pending before it is written")
                    .to("{{" + name + ".endpoint}}").id(id("send-request")).description("To the resource")
                .when().ref(id("is-reply"))
                    .process(id("correlate")).id(id("complete")).description("Ends the pending request, if there is one")
                .when().ref(id("is-target-presence"))
                    .process(id("receive-presence")).id(id("receive-presence")).description("Updates subscription and pool")
                .when().ref(id("is-reverse"))
                    .process(id("admit-reverse")).id(id("admit-reverse")).description("Limits, and who may be asked")
                    .process(id("translate-reverse")).id(id("translate-reverse"))
                        .description("From the address that the requester used, to the requester, and the key of the reply")
                    .process(id("correlate")).id(id("open-reverse")).description("Pending before it is written")
                    .to("{{" + name + ".endpoint}}").id(id("send-reverse")).description("To the requester")
                .when().ref(id("is-answered-here"))
                    .process(id("answer-locally")).id(id("answer-locally")).description("What proxy.answer says that the proxy host answers itself")
                    .to("{{" + name + ".endpoint}}").id(id("send-local-answer")).description("To the sender")
                .when().ref(id("is-unsupported"))
                    .process(id("answer-unsupported")).id(id("answer-unsupported")).description("The refusal that XMPP defines")
                    .to("{{" + name + ".endpoint}}").id(id("send-refusal")).description("To the sender")
                .otherwise()
                    .process(id("drop")).id(id("drop")).description("Counted, and answered by nobody")
            .end();
    }
    // spotless:on

    private String id(String role) {
        return name + '-' + role;
    }
}
