package org.clientproxy.proxy.conversations;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.clientproxy.proxy.ProxyFixture;
import org.clientproxy.proxy.pool.ResourcePool;
import org.clientproxy.proxy.pool.TargetPresence;
import org.clientproxy.proxy.pool.TargetSubscription;
import org.clientproxy.proxy.settings.PoolKeys;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.SelectionPolicy;
import org.clientproxy.stream.SimulatedLoop;
import org.clientproxy.xmpp.Jid;
import org.junit.jupiter.api.Test;

/** How many messages wait for the pool, for how long, and in which order they go on. */
class HeldMessagesTest {
    private static final Duration LIMIT = Duration.ofSeconds(3);

    private final SimulatedLoop loop = new SimulatedLoop();
    private final ResourcePool pool = new ResourcePool(SelectionPolicy.RANDOM, new Random(1));
    private final ProxySettings settings =
            ProxyFixture.settings(Path.of("none")).with(PoolKeys.CONFIRM_TIMEOUT, LIMIT);
    private final HeldMessages held = new HeldMessages(loop, pool, settings);
    private final List<String> gone = new ArrayList<>();

    private boolean hold(String name, int octets) {
        return held.hold(octets, () -> gone.add(name));
    }

    @Test
    void eachWaitsForTheTimeAtMost() {
        assertThat(held.mustWait()).isTrue();
        hold("1", 10);
        loop.advance(Duration.ofSeconds(2));
        hold("2", 10);
        loop.advance(Duration.ofSeconds(1));
        assertThat(gone).containsExactly("1");
        assertThat(held.size()).isOne();
        loop.advance(Duration.ofSeconds(2));
        assertThat(gone).containsExactly("1", "2");
        assertThat(held.size()).isZero();
    }

    @Test
    void allGoOnInTheirOrderWhenThePoolIsKnown() {
        TargetSubscription subscription = new TargetSubscription(settings, loop, pool, held, (type, to) -> {});
        subscription.streamReady();
        for (int i = 0; i < 5; i++) {
            hold("m" + i, 10);
        }
        subscription.receive(new TargetPresence("subscribed", Jid.parse("worker@some.example"), null, 0, null));
        subscription.receive(new TargetPresence("", Jid.parse(ProxyFixture.A), null, 0, null));
        if (pool.isConfirmed()) {
            // Those that wait come first.
            assertThat(held.mustWait()).isTrue();
        }
        loop.advance(LIMIT);
        assertThat(gone).containsExactly("m0", "m1", "m2", "m3", "m4");
        assertThat(held.mustWait()).isFalse();
    }

    @Test
    void thereIsRoomForSoManyAndForSoMuch() {
        for (int i = 0; i < HeldMessages.MOST; i++) {
            assertThat(hold("m", 1)).isTrue();
        }
        assertThat(hold("more", 1)).isFalse();
        loop.advance(LIMIT);
        assertThat(hold("large", (int) HeldMessages.MOST_OCTETS)).isTrue();
        assertThat(hold("more", 1)).isFalse();
        loop.advance(LIMIT);
        assertThat(hold("again", 1)).isTrue();
    }

    @Test
    void atTheStopNothingWaitsAnyMore() {
        hold("1", 10);
        hold("2", 10);
        held.drain();
        loop.runDue();
        assertThat(gone).containsExactly("1", "2");
        assertThat(held.mustWait()).isFalse();
    }
}
