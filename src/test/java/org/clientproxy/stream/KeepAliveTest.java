package org.clientproxy.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.Test;

/** When a server is pinged and when it is given up, on a clock that the test turns. */
class KeepAliveTest implements KeepAlive.Watched {
    private final SimulatedLoop loop = new SimulatedLoop();
    private final KeepAlive keepAlive = new KeepAlive(loop, Duration.ofSeconds(60), Duration.ofSeconds(20), this);
    private final List<String> pings = new ArrayList<>();
    private String ended;
    private boolean ready = true;

    @Override
    public boolean isReady() {
        return ready;
    }

    @Override
    public String pingId() {
        return "ping-" + pings.size();
    }

    @Override
    public void ping(String id) {
        pings.add(id);
    }

    @Override
    public void end(String words) {
        ended = words;
        ready = false;
    }

    private void pass(int seconds) {
        loop.advance(Duration.ofSeconds(seconds));
    }

    private static Stanza reply(String id) {
        return Stanza.of(Stanza.Kind.IQ, "error", id, "some.example", "proxy.example", "");
    }

    @Test
    void pingsAfterSilenceAndGivesUpWhenNothingFollows() {
        keepAlive.watch();
        pass(59);
        assertThat(pings).isEmpty();
        pass(1);
        assertThat(pings).hasSize(1);
        pass(19);
        assertThat(ended).isNull();
        pass(1);
        assertThat(ended).contains("no sign of life");
        pass(600);
        assertThat(pings).hasSize(1);
    }

    @Test
    void anySignOfLifeAfterThePingIsEnoughAndTheNextSilenceCountsFromIt() {
        keepAlive.watch();
        pass(70);
        keepAlive.signOfLife();
        assertThat(keepAlive.swallows(reply(pings.get(0)))).isTrue();
        assertThat(keepAlive.swallows(reply(pings.get(0)))).isFalse();
        pass(59);
        assertThat(ended).isNull();
        assertThat(pings).hasSize(1);
        pass(1);
        assertThat(pings).hasSize(2);
        assertThat(pings.get(1)).isNotEqualTo(pings.get(0));
    }

    @Test
    void aServerThatOnlyReadsOurOctetsIsAlive() {
        keepAlive.watch();
        // It never answers the ping, which waits behind what it reads so slowly.
        for (int i = 0; i < 100; i++) {
            pass(15);
            keepAlive.signOfLife();
        }
        assertThat(ended).isNull();
        pass(80);
        assertThat(ended).contains("no sign of life");
    }

    @Test
    void leavesAStreamAloneThatIsNotReadyAnyMore() {
        keepAlive.watch();
        pass(60);
        ready = false;
        pass(600);
        assertThat(ended).isNull();
        assertThat(pings).hasSize(1);
    }
}
