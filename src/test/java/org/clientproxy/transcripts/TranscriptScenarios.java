package org.clientproxy.transcripts;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.clientproxy.loopback.XmppServer;
import org.clientproxy.scenarios.Forwarder;
import org.clientproxy.scenarios.ProxyScenarios;
import org.clientproxy.scenarios.RunningProxy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plays each transcript that names a server, each with a proxy of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TranscriptScenarios {
    private final String name;
    private XmppServer server;

    /** @param name the server's, as transcripts write it */
    TranscriptScenarios(String name) {
        this.name = name;
    }

    abstract XmppServer server() throws Exception;

    @BeforeAll
    void start() throws Exception {
        server = server();
        server.start();
        subscribe();
    }

    private void subscribe() throws Exception {
        try (RunningProxy proxy = RunningProxy.startReady(server, Map.of())) {
            ProxyScenarios.accept(server);
        }
    }

    @AfterAll
    void stop() {
        server.close();
    }

    List<Transcript> transcripts() throws IOException {
        return Transcript.all().stream()
                .filter(transcript -> transcript.servers().contains(name))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("transcripts")
    void happensAsWritten(Transcript transcript) throws Exception {
        // What a transcript waits for comes long before the reply timeout, and nothing that it does not wait for comes
        // before the end. What is pending then is of no interest.
        Map<String, String> keys = new HashMap<>(
                Map.of("proxy.reply-timeout", "30s", "proxy.drain-timeout", "100ms", "proxy.pending", "memory"));
        keys.putAll(transcript.keys());
        // Only what a transcript uses is between the proxy and its server, and on.
        Forwarder network = transcript.has("stream") ? new Forwarder(server.componentPort()) : null;
        if (network != null) {
            keys.put("xmpp.port", "" + network.port());
        }
        Map<String, String> camelKeys = transcript.has("operator") ? Map.of("camel.main.jmxEnabled", "true") : Map.of();
        PoolWatch watch = new PoolWatch();
        try (network;
                RunningProxy proxy = RunningProxy.start(server, keys, camelKeys, watch);
                Stage stage = new Stage(server, network, proxy, watch, transcript)) {
            proxy.awaitReady();
            for (Transcript.Step step : transcript.steps()) {
                stage.play(step);
            }
        } finally {
            if ("off".equals(transcript.keys().get("proxy.subscribe"))) {
                // It has given up what the others need.
                subscribe();
            }
        }
    }
}
