package org.clientproxy.component;

import java.time.Duration;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.ExchangePattern;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.endpoint.EndpointRouteBuilder;
import org.clientproxy.component.dsl.XmppEndpointBuilderFactory;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaErrorException;

/**
 * The samples of the component's pages, word for word between the marks: {@link ComponentSamplesTest} runs each of them, and sees to it
 * that pages and samples are the same.
 */
final class ComponentSamples {
    private ComponentSamples() {}

    // The indentation and the lengths of lines are those of the pages.
    // spotless:off
    static class Answer extends RouteBuilder {
        @Override
        public void configure() {
            // tag::answer[]
            from("{{service}}")
                .setBody(constant("<echo xmlns='urn:example:echo'/>"));
            // end::answer[]
        }
    }

    static class Refuse extends RouteBuilder {
        @Override
        public void configure() {
            // tag::refuse[]
            errorHandler(noErrorHandler());
            from("{{service}}")
                .choice()
                    .when(simple("${header.CamelXmppComponentFrom} contains '@example.org'"))
                        .setBody(constant("<echo xmlns='urn:example:echo'/>"))
                    .when(simple("${header.CamelXmppComponentKind} != 'presence'"))
                        .throwException(new StanzaErrorException(StanzaError.of(
                            StanzaError.Condition.FORBIDDEN, "Only people of example.org may ask.")));
            // end::refuse[]
        }
    }

    static class Chat extends RouteBuilder {
        @Override
        public void configure() {
            // tag::chat[]
            from("{{service}}")
                .filter(simple("${header.CamelXmppComponentKind} == 'message' && ${header.CamelXmppComponentType} == 'chat'"
                        + " && ${header.CamelXmppComponentBody} != null"))
                .setHeader("CamelXmppComponentBody", simple("You said: ${header.CamelXmppComponentBody}"))
                .setProperty("me", header("CamelXmppComponentTo"))
                .setHeader("CamelXmppComponentTo", header("CamelXmppComponentFrom"))
                .setHeader("CamelXmppComponentFrom", exchangeProperty("me"))
                .removeHeader("CamelXmppComponentId")
                .setBody(constant(""))
                .to("{{service}}&lazyStartProducer=true");
            // end::chat[]
        }
    }

    static class Presence extends RouteBuilder {
        @Override
        public void configure() {
            // tag::presence[]
            from("{{service}}")
                .filter(simple("${header.CamelXmppComponentKind} == 'presence'"))
                .setHeader("CamelXmppComponentTo", header("CamelXmppComponentFrom"))
                .removeHeaders("CamelXmppComponent(From|Id|Show|Status|Priority)")
                .setBody(constant(""))
                .choice()
                    .when(header("CamelXmppComponentType").isEqualTo("subscribe"))
                        .setHeader("CamelXmppComponentType", constant("subscribed"))
                        .to("{{service}}")
                        .to("direct:available")
                    .when(header("CamelXmppComponentType").isEqualTo("probe"))
                        .to("direct:available");
            from("direct:available")
                .removeHeader("CamelXmppComponentType")
                .setHeader("CamelXmppComponentShow", constant("chat"))
                .setHeader("CamelXmppComponentStatus", constant("Ask me about the weather"))
                .setHeader("CamelXmppComponentPriority", constant(5))
                .to("{{service}}");
            // end::presence[]
        }
    }

    static class Bounces extends RouteBuilder {
        @Override
        public void configure() {
            // tag::bounces[]
            from("{{service}}")
                .filter(simple("${header.CamelXmppComponentKind} == 'message' && ${header.CamelXmppComponentType} == 'error'"))
                .filter(simple("${header.CamelXmppComponentError} == 'service-unavailable'"))
                .to("direct:gone");
            // end::bounces[]
            from("direct:gone").to("mock:gone");
        }
    }

    static class Later extends RouteBuilder {
        @Override
        public void configure() {
            // tag::later[]
            from("{{service}}&exchangePattern=InOnly")
                .filter(header("CamelXmppComponentType").in("get", "set"))
                .to("seda:work");
            from("seda:work?concurrentConsumers=4")
                .setProperty("me", header("CamelXmppComponentTo"))
                .setHeader("CamelXmppComponentTo", header("CamelXmppComponentFrom"))
                .setHeader("CamelXmppComponentFrom", exchangeProperty("me"))
                .setHeader("CamelXmppComponentType", constant("result"))
                .setBody(constant("<done xmlns='urn:example:work'/>"))
                .to("{{service}}");
            // end::later[]
        }
    }

    static class Ask extends RouteBuilder {
        @Override
        public void configure() {
            // tag::ask[]
            from("direct:version")
                .setHeader("CamelXmppComponentKind", constant("iq"))
                .setHeader("CamelXmppComponentType", constant("get"))
                .setHeader("CamelXmppComponentTo", body())
                .setBody(constant("<query xmlns='jabber:iq:version'/>"))
                .to(ExchangePattern.InOut, "{{service}}&requestTimeout=5s")
                .choice()
                    .when(simple("${header.CamelXmppComponentType} == 'error'"))
                        .setBody(simple("it does not say: ${header.CamelXmppComponentError}"))
                    .otherwise()
                        .setBody(xpath("string(//*[local-name()='name'])", String.class));
            // end::ask[]
        }
    }

    static class Say extends RouteBuilder {
        @Override
        public void configure() {
            // tag::say[]
            from("direct:alert")
                .setHeader("CamelXmppComponentKind", constant("message"))
                .setHeader("CamelXmppComponentTo", simple("{{operator}}"))
                .setHeader("CamelXmppComponentSubject", constant("Alert"))
                .setHeader("CamelXmppComponentThread", constant("alerts"))
                .setHeader("CamelXmppComponentBody", simple("${body}"))
                .setBody(constant(""))
                .to(ExchangePattern.InOnly, "{{service}}");
            // end::say[]
        }
    }

    static class Compose extends RouteBuilder {
        @Override
        public void configure() {
            // tag::compose[]
            from("direct:morning")
                .process(exchange -> exchange.getMessage().setBody(
                    StanzaBuilder.message("chat").from("bot@service.example.org").to(exchange.getMessage().getBody(String.class))
                        .child("<body>Good morning</body><active xmlns='http://jabber.org/protocol/chatstates'/>").build()))
                .to("{{service}}");
            // end::compose[]
        }
    }

    static class Raw extends RouteBuilder {
        @Override
        public void configure() {
            // tag::raw[]
            from("{{service}}&stanzaHeaders=false&bridgeErrorHandler=false&exceptionHandler=#failures")
                .process(exchange -> {
                    Stanza stanza = exchange.getMessage().getBody(Stanza.class);
                    exchange.getMessage().setBody("<octets xmlns='urn:example:raw'>" + stanza.octets() + "</octets>");
                });
            // end::raw[]
        }
    }

    static class Connection extends RouteBuilder {
        @Override
        public void configure() {
            // tag::connection[]
            from("xmpp-component:service.example.org?host=xmpp.example.org&port=5347&secret=RAW({{secret}})"
                    + "&sslContextParameters=#tls&hostnameVerification=true&connectTimeout=5s&keepAlive=30s"
                    + "&reconnectDelay=1s&reconnectMaxDelay=1m&reconnectMultiplier=1.5&maxStanzaSize=262144"
                    + "&allowMultiple=false")
                .log("${header.CamelXmppComponentKind} from ${header.CamelXmppComponentFrom}");
            // end::connection[]
        }
    }

    static class InTheEndpointDsl extends EndpointRouteBuilder {
        @Override
        public void configure() {
            // tag::endpoint-dsl[]
            from(XmppEndpointBuilderFactory.endpointBuilder("xmpp-component", "{{service.domain}}")
                    .host("{{service.host}}").port("{{service.port}}").secret("RAW({{service.secret}})"))
                .setBody(constant("<dsl xmlns='urn:example:dsl'/>"));
            // end::endpoint-dsl[]
        }
    }

    /** @param heard gets the reply; null where none came in time */
    static StreamUse use(CamelContext context, Stanza request, Consumer<Stanza> heard) {
        // tag::use[]
        StreamUse use = context.getEndpoint("{{service}}", XmppComponentEndpoint.class).use();
        use.stream().addStreamListener((before, now, reason) -> {
            if (now == StreamState.READY) {
                // An IQ request of one's own. All this is on use.stream().loop(), where nothing may block.
                use.ask(request, Duration.ofSeconds(10), heard);
            }
        });
        use.open();
        // end::use[]
        return use;
    }
    // spotless:on
}
