package org.clientproxy.check;

import java.io.IOException;
import java.io.InputStream;
import java.net.Proxy;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.camel.util.json.DeserializationException;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.xmpp.LogText;

/**
 * What a running instance says of one proxy through its management server.
 *
 * @param state of its stream
 * @param failure why that is down; empty where it is not
 * @param sessions the resourceparts of the sessions that it knows
 */
record InstanceStatus(String state, String failure, List<String> sessions) {
    private static final String PATH = "/observe/client-proxy/status";

    /** More is nobody's status. */
    private static final int MOST_OCTETS = 16 << 20;

    /** Asks; empty where nobody answers, or whoever does knows no such proxy. */
    static Optional<InstanceStatus> ask(ManagementAddress address, ProxySettings settings, Duration limit) {
        try {
            URLConnection connection =
                    URI.create("http://" + address + PATH).toURL().openConnection(Proxy.NO_PROXY);
            connection.setConnectTimeout((int) limit.toMillis());
            connection.setReadTimeout((int) limit.toMillis());
            try (InputStream body = connection.getInputStream()) {
                return read(new String(body.readNBytes(MOST_OCTETS), StandardCharsets.UTF_8), settings);
            }
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** What stands in the JSON of the status page; empty where this proxy does not. */
    static Optional<InstanceStatus> read(String json, ProxySettings settings) {
        try {
            if (Jsoner.deserialize(json) instanceof JsonObject root && root.get("proxies") instanceof List<?> proxies) {
                for (Object each : proxies) {
                    if (each instanceof JsonObject proxy
                            && settings.domain().toString().equals(proxy.get("domain"))) {
                        return Optional.of(of(proxy));
                    }
                }
            }
        } catch (DeserializationException e) {
            // Somebody else's page.
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static InstanceStatus of(JsonObject proxy) {
        String state = "";
        String failure = "";
        if (proxy.get("stream") instanceof JsonObject stream) {
            state = String.valueOf(stream.get("state"));
            failure = stream.get("lastFailure") == null ? "" : String.valueOf(stream.get("lastFailure"));
        }
        List<String> sessions = List.of();
        if (proxy.get("resources") instanceof List<?> resources) {
            sessions = resources.stream()
                    .filter(each -> each instanceof JsonObject one && Boolean.TRUE.equals(one.get("available")))
                    .map(each -> LogText.of(String.valueOf(((JsonObject) each).get("resource"))))
                    .collect(Collectors.toList());
        }
        return new InstanceStatus(state, failure, sessions);
    }
}
