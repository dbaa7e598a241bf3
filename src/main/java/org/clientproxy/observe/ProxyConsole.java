package org.clientproxy.observe;

import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.support.console.AbstractDevConsole;
import org.clientproxy.proxy.ClientProxy;

/** The page {@code client-proxy} of Camel's developer console. It is for the operator, so it names addresses. */
final class ProxyConsole extends AbstractDevConsole {
    private final List<ClientProxy> proxies;

    ProxyConsole(CamelContext context, List<ClientProxy> proxies) {
        super("client-proxy", "client-proxy", "Client Proxy", "Streams, pools, pending requests and last errors");
        this.proxies = proxies;
        setCamelContext(context);
    }

    @Override
    protected Map<String, Object> doCallJson(Map<String, Object> options) {
        return StatusJson.of(proxies);
    }

    @Override
    protected String doCallText(Map<String, Object> options) {
        return StatusText.of(StatusJson.of(proxies));
    }
}
