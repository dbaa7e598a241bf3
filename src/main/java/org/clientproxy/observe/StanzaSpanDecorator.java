package org.clientproxy.observe;

import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.telemetry.Span;
import org.apache.camel.telemetry.decorators.AbstractSpanDecorator;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/**
 * Says in a span of {@code xmpp-component} what the stanza is. Addresses are left out unless the property
 * {@value #ADDRESSES} is true. Found by Camel through {@code META-INF/services}, where a tracer is on the class path.
 */
public final class StanzaSpanDecorator extends AbstractSpanDecorator {
    static final String ADDRESSES = "trace.addresses";

    @Override
    public String getComponent() {
        return "xmpp-component";
    }

    @Override
    public String getComponentClassName() {
        return "org.clientproxy.component.XmppComponent";
    }

    @Override
    public void beforeTracingEvent(Span span, Exchange exchange, Endpoint endpoint) {
        super.beforeTracingEvent(span, exchange, endpoint);
        if (!(exchange.getMessage().getBody() instanceof Stanza stanza)) {
            return;
        }
        span.setTag("xmpp.kind", stanza.kind().xmlName());
        tag(span, "xmpp.type", stanza.type());
        tag(span, "xmpp.id", stanza.id());
        if (stanza.isReply()) {
            tag(span, "xmpp.outcome", stanza.type());
        }
        Object resource = exchange.getMessage().getHeader("ClientProxyResource");
        if (resource != null) {
            tag(span, "xmpp.resource", Jid.parse(resource.toString()).resource());
        }
        if (Boolean.parseBoolean(exchange.getContext()
                .getPropertiesComponent()
                .resolveProperty(ADDRESSES)
                .orElse("false"))) {
            tag(span, "xmpp.from", stanza.from());
            tag(span, "xmpp.to", stanza.to());
        }
    }

    private static void tag(Span span, String key, @Nullable String value) {
        if (value != null) {
            span.setTag(key, value);
        }
    }
}
