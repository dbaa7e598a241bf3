package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.util.List;
import java.util.Map;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.Test;

/** What strangers and implementing clients write never begins a line of the log, at whatever level. */
class LogInjectionTest {
    private static final List<String> ENDS = List.of("&#10;", "&#13;", "&#13;&#10;", "\u2028", "\u2029", "\u0085");
    private static final String FORGED = "2026-01-01 00:00:00.000 ERROR forged";

    @Test
    void nothingThatComesFromOutsideBeginsALine() throws Exception {
        try (CapturedLog log = CapturedLog.ofUs(Level.TRACE);
                LoopbackServer server = new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "secret")) {
            server.start();
            try (RunningProxy proxy = RunningProxy.startReady(server, Map.of("proxy.drain-timeout", "1s"))) {
                ProxyScenarios.accept(server);
                RawClient alice = RawClient.login(server, "alice", "pw", "home");
                for (String end : ENDS) {
                    String hostile = "x" + end + FORGED;
                    for (String stanza : List.of("iq", "message", "presence")) {
                        for (String attributes : List.of(
                                "type='" + hostile + "' id='1' from='alice@localhost/home' to='proxy.localhost'",
                                "type='get' id='" + hostile + "' from='alice@localhost/home' to='proxy.localhost'",
                                "type='result' id='" + hostile + "' from='alice@localhost/home' to='proxy.localhost'",
                                "type='get' id='1' from='" + hostile + "' to='proxy.localhost'",
                                "type='get' id='1' from='alice@localhost/" + hostile + "' to='proxy.localhost'",
                                "type='get' id='1' from='alice@localhost/home' to='" + hostile + "'",
                                "type='get' id='1' from='alice@localhost/home' to='proxy.localhost/" + hostile + "'",
                                "type='" + hostile + "' id='1' from='worker@localhost/a' to='proxy.localhost'",
                                "id='1' from='worker@localhost/" + hostile + "' to='proxy.localhost'",
                                "type='error' id='1' from='worker@localhost/" + hostile + "' to='proxy.localhost'",
                                "type='unavailable' from='worker@localhost/" + hostile + "' to='proxy.localhost'")) {
                            server.inject("<" + stanza + " " + attributes + "><q xmlns='urn:q'/></" + stanza + ">");
                        }
                    }
                    server.inject("<iq type='get' id='big' from='alice@localhost/" + hostile
                            + "' to='proxy.localhost'><q xmlns='urn:q'>" + "x".repeat(600 << 10) + "</q></iq>");
                }
                alice.send("<iq type='get' id='last' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
                alice.await("the answer", (Stanza s) -> "last".equals(s.id()));
                server.dropComponent("policy-violation");
                assertThat(proxy.stream()).isNotNull();
            }
            assertThat(log.events()).anyMatch(event -> event.contains(FORGED));
            // An event is one line; what follows it can only be an exception of ours.
            assertThat(String.join("", log.events()).split("\\R"))
                    .isNotEmpty()
                    .noneMatch(line -> line.startsWith(FORGED));
        }
    }
}
