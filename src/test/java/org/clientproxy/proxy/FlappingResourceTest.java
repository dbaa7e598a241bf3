package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clientproxy.proxy.ProxyFixture.A;
import static org.clientproxy.proxy.ProxyFixture.ALICE;

import ch.qos.logback.classic.Level;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.clientproxy.scenarios.CapturedLog;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaError.Condition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A resource that leaves and returns without end costs the same however much is pending at it, and fills no log. */
class FlappingResourceTest {
    /** How many changes of the pool have a line each in a minute. */
    private static final int LINES = 60;

    private static final int MANY = 20_000;
    private static final int FLAPS = 200;

    @TempDir
    Path dataDir;

    private ProxyFixture proxy;

    @BeforeEach
    void start() throws Exception {
        proxy = ProxyFixture.start(dataDir, s -> new SettingsBuilder(s)
                .maxPendingPerRequester(MANY)
                .maxPendingSize(1L << 30)
                .build());
        proxy.ready(A);
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    private void ask(int requests) {
        for (int i = 0; i < requests; i++) {
            proxy.set("r" + i % 5000 + "@some.example/x", "i" + i);
        }
        proxy.sent();
    }

    private void flap() {
        for (int i = 0; i < FLAPS; i++) {
            proxy.leaves(A);
            proxy.comes(A);
            proxy.pass(Duration.ofMillis(100));
        }
    }

    /** The least CPU time of some tries, in nanoseconds. */
    private long costOfFlapping() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long begin = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            flap();
            least = Math.min(least, ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begin);
        }
        return least;
    }

    @Test
    void costsTheSameHoweverManyRequestsArePendingAtIt() {
        try (CapturedLog log = CapturedLog.ofUs(Level.OFF)) {
            long ofNone = costOfFlapping();
            ask(MANY);
            proxy.leaves(A);
            long timers = proxy.loop.timersSet();
            proxy.comes(A);
            proxy.leaves(A);
            assertThat(proxy.loop.timersSet() - timers)
                    .as("timers for one leave")
                    .isLessThan(5);
            proxy.comes(A);
            // They expire in the meantime otherwise.
            long ofMany = costOfFlappingWithin(Duration.ofSeconds(55));
            assertThat(proxy.proxy.pendingRequests()).isEqualTo(MANY);
            assertThat(ofMany).isLessThan(10 * ofNone);
            assertThat(log.events()).isEmpty();
        }
    }

    private long costOfFlappingWithin(Duration limit) {
        long begin = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        for (Duration passed = Duration.ZERO; passed.compareTo(limit) < 0; passed = passed.plusMillis(275)) {
            proxy.leaves(A);
            proxy.comes(A);
            proxy.pass(Duration.ofMillis(275));
        }
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begin;
    }

    @Test
    void theGraceCountsFromTheLastLeave() {
        proxy.set(ALICE, "1");
        proxy.sent();
        proxy.leaves(A);
        proxy.pass(Duration.ofMillis(1500));
        proxy.comes(A);
        proxy.leaves(A);
        proxy.pass(Duration.ofMillis(1500));
        assertThat(proxy.sent()).isEmpty();
        proxy.pass(Duration.ofMillis(600));
        ProxyRequestsTest.assertError(proxy.onlySent(), Condition.RECIPIENT_UNAVAILABLE, StanzaError.Type.WAIT);
    }

    @Test
    void whoReturnsInTimeKeepsItsRequests() {
        proxy.set(ALICE, "1");
        Stanza forwarded = proxy.onlySent();
        for (int i = 0; i < 20; i++) {
            proxy.leaves(A);
            proxy.pass(Duration.ofMillis(1900));
            proxy.comes(A);
        }
        proxy.pass(Duration.ofSeconds(3));
        proxy.result(forwarded);
        assertThat(proxy.onlySent().type()).isEqualTo("result");
        assertThat(proxy.loop.timers()).as("no timer of a grace is left").isLessThan(8);
    }

    @Test
    void itsLinesInTheLogAreBoundedAndSummedUp() {
        try (CapturedLog log = CapturedLog.ofUs(Level.INFO)) {
            for (int i = 0; i < 1000; i++) {
                proxy.leaves(A);
                proxy.comes(A);
                proxy.pass(Duration.ofMillis(50));
            }
            proxy.pass(Duration.ofMinutes(2));
            List<String> lines = log.events();
            assertThat(lines).hasSizeLessThan(LINES + 10);
            assertThat(lines)
                    .filteredOn(line -> line.contains("come and leave very often"))
                    .singleElement()
                    .asString()
                    .containsPattern("9\\d\\d more came and 9\\d\\d more left; 1 resource is there now");
            proxy.leaves(A);
            assertThat(log.events())
                    .as("a minute later each change has its line again")
                    .anyMatch(line -> line.contains("left; 0 resources"))
                    .last()
                    .asString()
                    .contains("no session of worker@some.example is there");
        }
    }
}
