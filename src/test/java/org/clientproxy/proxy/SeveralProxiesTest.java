package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.clientproxy.component.XmppComponent;
import org.clientproxy.stream.SimulatedLoop;
import org.clientproxy.stream.StanzaXml;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two proxies in one process do not know of each other. */
class SeveralProxiesTest {
    @TempDir
    Path dataDir;

    @Test
    void eachServesItsOwnDomainFromItsOwnTarget() throws Exception {
        Map<String, InMemoryStream> streams = new HashMap<>();
        SimulatedLoop loop = new SimulatedLoop();
        try (CamelContext context = new DefaultCamelContext()) {
            context.getShutdownStrategy().setTimeout(1);
            XmppComponent component = new XmppComponent();
            component.setStreamFactory(settings -> {
                InMemoryStream stream = new InMemoryStream(settings, loop);
                streams.put(settings.domain(), stream);
                return stream;
            });
            context.addComponent("xmpp-component", component);
            for (ProxySettings settings : ProxyConfiguration.read(
                    Map.of(
                            "proxies", "a,b",
                            "xmpp.secret", "s",
                            "proxy.data-dir", dataDir.toString(),
                            "proxy.a.domain", "a.example",
                            "proxy.a.target", "anna@some.example",
                            "proxy.b.domain", "b.example",
                            "proxy.b.target", "bert@some.example"),
                    Map.of())) {
                ClientProxy.addTo(context, settings);
            }
            context.start();
            for (String name : new String[] {"a", "b"}) {
                InMemoryStream stream = streams.get(name + ".example");
                String target = name.equals("a") ? "anna@some.example" : "bert@some.example";
                assertThat(stream.pinged).isEqualTo("some.example");
                stream.become(StreamState.READY);
                stream.receive(presence(" type='subscribed'", target, name));
                stream.receive(presence("", target + "/x", name));
                stream.takeSent();
                stream.receive(StanzaXml.parse("<iq type='get' id='1' from='user@some.example/abc' to='" + name
                        + ".example'><q xmlns='urn:q'/></iq>"));
                Stanza forwarded = stream.takeSent().get(0);
                assertThat(forwarded.to()).isEqualTo(target + "/x");
                stream.receive(StanzaXml.parse(forwarded.result("").toXml()));
                assertThat(stream.takeSent().get(0).from()).isEqualTo(name + ".example");
            }
        }
    }

    private static Stanza presence(String type, String from, String name) {
        return StanzaXml.parse("<presence" + type + " from='" + from + "' to='" + name + ".example'/>");
    }
}
