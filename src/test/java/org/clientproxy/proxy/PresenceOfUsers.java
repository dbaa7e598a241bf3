package org.clientproxy.proxy;

import java.nio.file.Path;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.clientproxy.proxy.settings.MessageKeys;
import org.clientproxy.proxy.settings.PresenceKeys;
import org.clientproxy.proxy.settings.PresenceUse;
import org.clientproxy.proxy.settings.ProxySettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A proxy with one use of {@code proxy.presence}, for a test. */
abstract class PresenceOfUsers {
    @TempDir
    Path dir;

    ProxyFixture fixture;
    private final PresenceUse use;

    PresenceOfUsers(PresenceUse use) {
        this.use = use;
    }

    final ProxySettings using(ProxySettings settings) {
        return settings.with(PresenceKeys.PRESENCE, Set.of(use)).with(MessageKeys.MESSAGE_RATE, 0);
    }

    final void start(UnaryOperator<ProxySettings> change) throws Exception {
        fixture = ProxyFixture.start(dir, settings -> change.apply(using(settings)));
    }

    final void start() throws Exception {
        start(settings -> settings);
    }

    @AfterEach
    void close() {
        if (fixture != null) {
            fixture.close();
        }
    }
}
