package org.clientproxy.component;

import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.builder.Namespaces;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaErrorException;

/** A small XMPP service: answers ping and service discovery itself, and what the weather is by asking somebody over HTTP. */
public class LittleService extends RouteBuilder {
    private static final Namespaces XMPP = new Namespaces("ping", "urn:xmpp:ping")
            .add("disco", "http://jabber.org/protocol/disco#info")
            .add("w", "urn:example:weather");

    @Override
    public void configure() {
        // Of what fails, the consumer answers each and logs one of a kind a minute. Camel's own error handler would
        // log each with its trace, so that strangers could fill the log.
        errorHandler(noErrorHandler());
        from("xmpp-component:{{service.domain}}?host={{service.host}}&port={{service.port}}&secret=RAW({{service.secret}})")
                .routeId("little-service")
                // Messages, presences, and replies that nobody awaits, are left alone.
                .filter(header("CamelXmppComponentType").in("get", "set"))
                // The consumer's thread serves the whole stream; an HTTP call would hold it up.
                .threads(2, 8)
                .choice()
                .when(xpath("/*[@type='get']/ping:ping", XMPP))
                .setBody(constant(""))
                .when(xpath("/*[@type='get']/disco:query", XMPP))
                .setBody(constant("<query xmlns='http://jabber.org/protocol/disco#info'>"
                        + "<identity category='component' type='generic' name='Little Service'/>"
                        + "<feature var='http://jabber.org/protocol/disco#info'/>"
                        + "<feature var='urn:xmpp:ping'/><feature var='urn:example:weather'/></query>"))
                .when(xpath("/*[@type='get']/w:weather", XMPP))
                .setHeader("CamelHttpQuery", xpath("concat('city=', /*/w:weather/@city)", String.class, XMPP))
                .setHeader("CamelHttpMethod", constant("GET"))
                .setBody(constant(null))
                .to("{{service.weather}}?throwExceptionOnFailure=true")
                .setBody(simple("<weather xmlns='urn:example:weather'>${bodyAs(String)}</weather>"))
                .otherwise()
                .throwException(new StanzaErrorException(StanzaError.of(
                        StanzaError.Condition.FEATURE_NOT_IMPLEMENTED, "This service knows ping and the weather.")));
    }
}
