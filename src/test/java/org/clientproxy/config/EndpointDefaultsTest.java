package org.clientproxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;
import org.clientproxy.component.XmppComponentEndpoint;
import org.clientproxy.proxy.settings.ConfigKey;
import org.clientproxy.proxy.settings.ServerKeys;
import org.clientproxy.stream.StreamSettings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The component and the stream have defaults of their own, for they know no keys of the proxy. Where an option and a key mean
 * the same, the defaults are those of the key's declaration.
 */
class EndpointDefaultsTest {
    /**
     * A key and what means the same elsewhere.
     *
     * @param option the option of the endpoint
     * @param endpoint its default in an endpoint
     * @param stream its default in the settings of a stream
     */
    record Same<T>(
            ConfigKey<T> key,
            String option,
            Function<XmppComponentEndpoint, T> endpoint,
            Function<StreamSettings, T> stream) {
        @Override
        public String toString() {
            return key + " = " + option;
        }
    }

    static Stream<Same<?>> same() {
        return Stream.of(
                // The settings of a stream have no default of these two.
                new Same<>(
                        ServerKeys.HOST,
                        "host",
                        XmppComponentEndpoint::getHost,
                        settings -> ServerKeys.HOST.defaultValue()),
                new Same<>(
                        ServerKeys.PORT,
                        "port",
                        XmppComponentEndpoint::getPort,
                        settings -> ServerKeys.PORT.defaultValue()),
                new Same<>(
                        ServerKeys.CONNECT_TIMEOUT,
                        "connectTimeout",
                        endpoint -> Duration.ofMillis(endpoint.getConnectTimeout()),
                        StreamSettings::connectTimeout),
                new Same<>(
                        ServerKeys.RECONNECT_MIN,
                        "reconnectDelay",
                        endpoint -> Duration.ofMillis(endpoint.getReconnectDelay()),
                        StreamSettings::reconnectMin),
                new Same<>(
                        ServerKeys.RECONNECT_MAX,
                        "reconnectMaxDelay",
                        endpoint -> Duration.ofMillis(endpoint.getReconnectMaxDelay()),
                        StreamSettings::reconnectMax),
                new Same<>(
                        ServerKeys.KEEP_ALIVE,
                        "keepAlive",
                        endpoint -> Duration.ofMillis(endpoint.getKeepAlive()),
                        StreamSettings::keepAlive),
                new Same<>(
                        ServerKeys.MAX_STANZA_SIZE,
                        "maxStanzaSize",
                        XmppComponentEndpoint::getMaxStanzaSize,
                        StreamSettings::maxStanzaSize),
                new Same<>(
                        ServerKeys.ALLOW_MULTIPLE,
                        "allowMultiple",
                        XmppComponentEndpoint::isAllowMultiple,
                        StreamSettings::allowMultiple),
                new Same<>(
                        ServerKeys.TLS_VERIFY,
                        "hostnameVerification",
                        XmppComponentEndpoint::isHostnameVerification,
                        StreamSettings::verifyHost));
    }

    @ParameterizedTest
    @MethodSource("same")
    void theMetadataHasTheDefaultOfTheKey(Same<?> same) throws Exception {
        JsonObject metadata = (JsonObject) Jsoner.deserialize(Files.readString(
                Path.of("src/generated/resources/META-INF/org/clientproxy/component/xmpp-component.json")));
        Map<String, Object> options = metadata.getMap("properties");
        Object written = ((JsonObject) options.get(same.option())).get("defaultValue");
        assertThat(same.key().parse(String.valueOf(written)))
                .isEqualTo(same.key().defaultValue());
    }

    @ParameterizedTest
    @MethodSource("same")
    void anEndpointHasTheDefaultOfTheKey(Same<?> same) throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            XmppComponentEndpoint endpoint =
                    context.getEndpoint("xmpp-component:proxy.example?secret=s", XmppComponentEndpoint.class);
            assertThat(same.endpoint().apply(endpoint)).isEqualTo(same.key().defaultValue());
        }
    }

    @ParameterizedTest
    @MethodSource("same")
    void aStreamHasTheDefaultOfTheKey(Same<?> same) {
        StreamSettings settings = StreamSettings.of("localhost", 5347, "proxy.example", "s");
        assertThat(same.stream().apply(settings)).isEqualTo(same.key().defaultValue());
    }
}
