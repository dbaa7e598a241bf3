package org.clientproxy.proxy.pool;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.clientproxy.proxy.ProxyFixture;
import org.clientproxy.proxy.settings.MessageKeys;
import org.clientproxy.proxy.settings.PoolKeys;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.SelectionPolicy;
import org.clientproxy.scenarios.CapturedLog;
import org.clientproxy.stream.SimulatedLoop;
import org.clientproxy.xmpp.Jid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The one warning that another session may get a copy of what was for one that is gone. */
class CopiesWarningTest {
    private final SimulatedLoop loop = new SimulatedLoop();
    private final ResourcePool pool = new ResourcePool(SelectionPolicy.RANDOM, new Random(1));
    private final ProxySettings settings =
            ProxyFixture.settings(Path.of("none")).with(MessageKeys.MESSAGES, true);
    private final CapturedLog log = CapturedLog.ofUs(Level.WARN);
    private CopiesWarning warning;

    @AfterEach
    void stop() {
        log.close();
    }

    private void start(ProxySettings with) {
        warning = new CopiesWarning(loop, pool, with);
    }

    private void comes(String resource, int priority) {
        pool.put(new TargetPresence("", Jid.parse("worker@some.example/" + resource), null, priority, null), 0);
        loop.runDue();
    }

    private List<String> warnings() {
        // Other tests may run beside this one.
        return log.events().stream()
                .filter(event -> event.contains("a priority of 0 or more"))
                .toList();
    }

    @Test
    void itIsSaidOnce() {
        start(settings);
        comes("a", 0);
        comes("b", -1);
        assertThat(warnings()).isEmpty();
        comes("c", 5);
        comes("d", 0);
        assertThat(warnings()).hasSize(1);
        assertThat(warnings().get(0)).contains("worker@some.example/a", "worker@some.example/c", "proxy.subscribe=off");
    }

    @Test
    void aPriorityThatIsRaisedCountsToo() {
        start(settings);
        comes("a", -1);
        comes("b", 0);
        assertThat(warnings()).isEmpty();
        comes("a", 0);
        assertThat(warnings()).hasSize(1);
    }

    @Test
    void withoutMessagesOrWithoutASubscriptionNothingIsSaid() {
        start(settings.with(PoolKeys.SUBSCRIBE, false));
        comes("a", 0);
        comes("b", 0);
        assertThat(warnings()).isEmpty();
        warning.adjust(settings.with(MessageKeys.MESSAGES, false));
        comes("c", 0);
        assertThat(warnings()).isEmpty();
        warning.adjust(settings);
        loop.runDue();
        assertThat(warnings()).hasSize(1);
    }
}
