package org.clientproxy.proxy.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.clientproxy.xmpp.Jid;
import org.junit.jupiter.api.Test;

class SettingsChangeTest {
    private final ProxySettings before =
            ProxySettings.of("proxy", Jid.parse("proxy.example"), Jid.parse("worker@example"));

    @Test
    void nothingChangedIsEmpty() {
        SettingsChange change = SettingsChange.between(before, before.with(RequestKeys.ATTEMPTS, 2));
        assertThat(change.isEmpty()).isTrue();
        assertThat(change).hasToString("");
    }

    @Test
    void namesEachKeyByWhenItTakesEffectAndNoValue() {
        SettingsChange change = SettingsChange.between(
                before,
                before.with(RequestKeys.ATTEMPTS, 77)
                        .with(PoolKeys.LEAVE_GRACE, Duration.ofSeconds(77))
                        .with(ServerKeys.SECRET, "t0p-s3cret")
                        .with(RouteKeys.JAT_KEY, List.of("t0p-s3cret")));
        assertThat(change)
                .hasToString("now: proxy.leave-grace, proxy.attempts; at the next connection: xmpp.secret;"
                        + " by a restart of the proxy: proxy.jat-key");
        assertThat(change.has(Effect.RESTART)).isTrue();
        assertThat(SettingsChange.between(before, before.with(RequestKeys.ATTEMPTS, 3))
                        .has(Effect.RESTART))
                .isFalse();
    }

    /** The operator has edited that file, and not the key. */
    @Test
    void aSecretInAFileIsNamedByTheKeyOfTheFile() {
        ProxySettings inFile = before.with(ServerKeys.SECRET_FILE, "secret.txt").with(ServerKeys.SECRET, "one");
        assertThat(SettingsChange.between(inFile, inFile.with(ServerKeys.SECRET, "two")))
                .hasToString("at the next connection: xmpp.secret-file");
    }
}
