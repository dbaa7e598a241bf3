package org.example;

import org.apache.camel.builder.RouteBuilder;

/** A gate of the proxy: what is no greeting is refused before a worker hears of it. */
public final class GreetingsOnly extends RouteBuilder {
    @Override
    public void configure() {
        from("direct:proxy-request-admitted")
                .errorHandler(noErrorHandler())
                .validate()
                .xpath("/*/*[local-name()='greeting' and namespace-uri()='urn:example:greeting']");
    }
}
