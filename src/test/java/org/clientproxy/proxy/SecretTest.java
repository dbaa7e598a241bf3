package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.clientproxy.component.XmppComponent;
import org.clientproxy.config.ProxyConfiguration;
import org.clientproxy.stream.SimulatedLoop;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The secret gets to the stream as it was configured, whatever it looks like to Camel. */
class SecretTest {
    @TempDir
    Path dataDir;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "a{{unknown}}b",
                "{{?optional}}",
                "{{env:PATH}}",
                "${header.x}",
                "#bean:proxy-inline",
                "#property:x",
                "RAW(x)",
                "a+b%41&c=d)#",
                "wörk",
                "a\\b"
            })
    void getsToTheStreamAsItWasConfigured(String secret) throws Exception {
        Map<String, String> secrets = new HashMap<>();
        try (CamelContext context = new DefaultCamelContext()) {
            XmppComponent component = new XmppComponent();
            component.setStreamFactory(settings -> {
                secrets.put(settings.domain(), settings.secret());
                return new InMemoryStream(settings, new SimulatedLoop());
            });
            context.addComponent("xmpp-component", component);
            ClientProxy.addTo(
                    context,
                    ProxyConfiguration.read(
                                    Map.of(
                                            "xmpp.secret",
                                            secret,
                                            "proxy.data-dir",
                                            dataDir.toString(),
                                            "proxy.domain",
                                            "proxy.example",
                                            "proxy.target",
                                            "worker@some.example"),
                                    Map.of())
                            .get(0));
        }
        assertThat(secrets).containsEntry("proxy.example", secret);
    }
}
