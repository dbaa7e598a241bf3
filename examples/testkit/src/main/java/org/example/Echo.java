package org.example;

import org.apache.camel.builder.RouteBuilder;

/** A service with the component alone: answers each request with what was asked. */
public final class Echo extends RouteBuilder {
    private final String endpoint;

    public Echo(String domain, int port, String secret) {
        endpoint = "xmpp-component:" + domain + "?host=127.0.0.1&port=" + port + "&secret=RAW(" + secret + ")";
    }

    @Override
    public void configure() {
        errorHandler(noErrorHandler());
        from(endpoint)
                .routeId("echo")
                // Messages, presences, and replies that nobody awaits, are left alone.
                .filter(header("CamelXmppComponentType").in("get", "set"))
                .setBody(xpath("/*/*"));
    }
}
