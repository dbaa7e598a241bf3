package org.clientproxy.scenarios;

import java.util.HashMap;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.clientproxy.component.StanzaBuilder;
import org.clientproxy.config.ProxyConfiguration;
import org.clientproxy.proxy.ClientProxy;

/**
 * Somebody's application that has our jar and what comes with it, and nothing else. It runs in a process of its own until its
 * standard input ends: {@code component} with a port, or {@code proxy} with keys and values.
 */
public final class LibraryUser {
    private LibraryUser() {}

    public static void main(String[] args) throws Exception {
        CamelContext context = new DefaultCamelContext();
        if (args[0].equals("component")) {
            context.addRoutes(new Service(args[1]));
        } else {
            Map<String, String> keys = new HashMap<>();
            for (int i = 1; i < args.length; i += 2) {
                keys.put(args[i], args[i + 1]);
            }
            ClientProxy.addTo(context, ProxyConfiguration.readOne("proxy", keys));
        }
        context.start();
        while (System.in.read() >= 0) {
            // Nobody says anything.
        }
        context.stop();
    }

    /** Answers each request, and tells the requester in a message of its own that it has done so. */
    private static final class Service extends RouteBuilder {
        private final String endpoint;

        Service(String port) {
            endpoint = "xmpp-component:service.localhost?host=127.0.0.1&port=" + port + "&secret=RAW(s3cret)";
        }

        @Override
        public void configure() {
            from(endpoint)
                    .routeId("service")
                    .process(exchange -> {
                        String requester = exchange.getIn().getHeader("CamelXmppComponentFrom", String.class);
                        getCamelContext()
                                .createProducerTemplate()
                                .sendBody(
                                        "direct:told",
                                        StanzaBuilder.message("chat")
                                                .from("service.localhost")
                                                .to(requester)
                                                .child("<body>answered</body>")
                                                .build());
                    })
                    .setBody(constant("<pong xmlns='urn:example:pong'/>"));
            from("direct:told").to(endpoint);
        }
    }
}
