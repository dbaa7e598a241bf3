package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.clientproxy.proxy.settings.PresenceKeys;
import org.clientproxy.proxy.settings.PresenceUse;
import org.clientproxy.proxy.settings.RequestKeys;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hundred thousand subscribers are told without holding up the loop: counted on a simulated loop, by no clock. */
class ManySubscribersTest {
    private static final int MANY = 100_000;

    @TempDir
    Path dir;

    private ProxyFixture fixture;
    private final Set<String> told = new HashSet<>();
    private int inTask;
    private int mostInTask;
    private int inSecond;

    @BeforeEach
    void start() throws Exception {
        Files.writeString(
                dir.resolve("proxy.subscribers"),
                IntStream.range(0, MANY)
                        .mapToObj(i -> "+u" + i + "@some.example\n")
                        .collect(Collectors.joining()));
        fixture = ProxyFixture.start(dir, settings -> settings.with(PresenceKeys.PRESENCE, Set.of(PresenceUse.SERVICE))
                .with(RequestKeys.DRAIN_TIMEOUT, Duration.ofSeconds(5)));
        assertThat(fixture.proxy.subscribers()).isEqualTo(MANY);
        fixture.ready(ProxyFixture.A);
        fixture.loop.watch(() -> {
            mostInTask = Math.max(mostInTask, inTask);
            inTask = 0;
        });
        fixture.stream().witness((stanza, refused) -> count(stanza));
    }

    private void count(Stanza stanza) {
        if (stanza.kind() == Stanza.Kind.PRESENCE && stanza.to().startsWith("u")) {
            inTask++;
            inSecond++;
            told.add(stanza.to());
        }
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    /** The second in which they are told lasts as long as a second does. */
    private int passSecond() {
        inSecond = 0;
        fixture.pass(Duration.ofSeconds(1));
        fixture.stream().takeSent();
        return inSecond;
    }

    @Test
    void eachHearsOnceAndNoTaskTellsMoreThanAFew() {
        List<Integer> seconds = new ArrayList<>();
        while (told.size() < MANY && seconds.size() < 300) {
            seconds.add(passSecond());
        }
        assertThat(told).hasSize(MANY);
        assertThat(seconds.stream().mapToInt(each -> each).sum()).isEqualTo(MANY);
        assertThat(seconds).allMatch(each -> each <= 500);
        assertThat(mostInTask).isLessThanOrEqualTo(25);
    }

    @Test
    void aChangeInTheMiddleReachesAllAndNobodyWaitsForEver() {
        for (int i = 0; i < 100; i++) {
            passSecond();
        }
        assertThat(told.size()).isBetween(40_000, 50_000);
        Set<String> before = Set.copyOf(told);
        told.clear();
        fixture.leaves(ProxyFixture.A);
        for (int i = 0; i < 105; i++) {
            passSecond();
        }
        // Those who had not been told come first, for the round goes on.
        assertThat(told).hasSizeGreaterThanOrEqualTo(MANY - before.size() - 5_000);
        for (int i = 0; i < 110; i++) {
            passSecond();
        }
        assertThat(told).hasSize(MANY);
        assertThat(mostInTask).isLessThanOrEqualTo(25);
    }

    @Test
    void atTheStopAllHearInTheTimeThatThereIsAndNoTaskTellsManyMore() {
        Thread stopper = new Thread(fixture.context::stop, "stop");
        stopper.start();
        while (stopper.isAlive() && told.size() < MANY) {
            fixture.loop.advance(Duration.ofMillis(10));
            fixture.stream().takeSent();
            Thread.onSpinWait();
        }
        assertThat(told).hasSize(MANY);
        assertThat(mostInTask).isBetween(1, 256);
    }
}
