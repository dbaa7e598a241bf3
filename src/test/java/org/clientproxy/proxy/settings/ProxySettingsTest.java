package org.clientproxy.proxy.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.clientproxy.xmpp.Jid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProxySettingsTest {
    private final ProxySettings settings =
            ProxySettings.of("proxy", Jid.parse("proxy.example"), Jid.parse("worker@some.example"));

    @ParameterizedTest
    @MethodSource("org.clientproxy.proxy.settings.ConfigKeys#all")
    void haveAValueForEachKey(ConfigKey<?> key) {
        assertThat(settings.get(key)).isNotNull();
        if (key.defaultText() != null) {
            assertThat(settings.get(key)).isEqualTo(key.defaultValue()).isEqualTo(key.parse(key.defaultText()));
        }
    }

    @Test
    void differInTheOneValueThatIsChanged() {
        Duration before = ServerKeys.KEEP_ALIVE.defaultValue();
        ProxySettings changed = settings.with(ServerKeys.KEEP_ALIVE, Duration.ofSeconds(7));
        assertThat(changed.stream().keepAlive()).isEqualTo(Duration.ofSeconds(7));
        assertThat(settings.stream().keepAlive()).isEqualTo(before);
        assertThat(changed).isNotEqualTo(settings);
        assertThat(changed.with(ServerKeys.KEEP_ALIVE, before))
                .isEqualTo(settings)
                .hasSameHashCodeAs(settings);
    }

    @Test
    void showNoSecret() {
        ProxySettings secret = settings.with(ServerKeys.SECRET, "s3cr3t");
        assertThat(secret.toString() + secret.stream()).doesNotContain("s3cr3t");
    }
}
