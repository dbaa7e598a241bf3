package org.clientproxy.proxy;

import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.clientproxy.component.StreamUse;
import org.clientproxy.component.XmppComponentEndpoint;
import org.clientproxy.proxy.settings.ProxySettings;

/**
 * The endpoint at which the proxy's stanzas come and go. Its secret and its TLS parameters are beans of the registry, so they
 * stand in no URI, trace or dump.
 */
final class StreamEndpoint {
    private final CamelContext context;
    private final ProxySettings settings;

    StreamEndpoint(CamelContext context, ProxySettings settings) {
        this.context = context;
        this.settings = settings;
    }

    /** Lets routes name the endpoint as {@code {{NAME.endpoint}}}, and takes the proxy's own use of its stream. */
    StreamUse use() {
        // Characters, not a string: Camel resolves {{placeholders}} in strings, and prints those that it does not know.
        bind("secret", settings.stream().secret().toCharArray());
        ProxySettings.Tls tls = settings.stream().tls();
        if (tls != null) {
            bind("tls", tls.parameters());
        }
        context.getPropertiesComponent().addInitialProperty(settings.name() + ".endpoint", uri());
        return context.getEndpoint(uri(), XmppComponentEndpoint.class).use();
    }

    /**
     * The proxy is taken out of its context: takes the endpoints of its stream out, which hold the secret and the options that it
     * had.
     */
    void remove() throws Exception {
        for (Endpoint each : List.copyOf(context.getEndpoints())) {
            if (each instanceof XmppComponentEndpoint endpoint
                    && endpoint.getDomain().equals(settings.domain().toString())
                    && endpoint.getHost().equals(settings.stream().host())
                    && endpoint.getPort() == settings.stream().port()) {
                context.removeEndpoint(endpoint);
            }
        }
        context.getRegistry().unbind(settings.name() + "-secret");
        context.getRegistry().unbind(settings.name() + "-tls");
    }

    private void bind(String role, Object bean) {
        context.getRegistry().bind(settings.name() + '-' + role, bean);
    }

    private String uri() {
        ProxySettings.Stream to = settings.stream();
        return "xmpp-component:" + settings.domain() + "?host=" + to.host() + "&port=" + to.port() + "&secret=#bean:"
                + settings.name() + "-secret&connectTimeout="
                + to.connectTimeout().toMillis()
                + "&reconnectDelay=" + to.reconnectMin().toMillis() + "&reconnectMaxDelay="
                + to.reconnectMax().toMillis() + "&keepAlive=" + to.keepAlive().toMillis() + "&maxStanzaSize="
                + to.maxStanzaSize() + "&allowMultiple=" + to.allowMultiple()
                + (to.tls() == null
                        ? ""
                        : "&sslContextParameters=#bean:" + settings.name() + "-tls&hostnameVerification="
                                + to.tls().verify());
    }
}
