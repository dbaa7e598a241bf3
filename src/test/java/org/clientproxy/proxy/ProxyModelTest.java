package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.clientproxy.proxy.settings.FeatureUse;
import org.clientproxy.proxy.settings.PoolKeys;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.RequestKeys;
import org.clientproxy.proxy.settings.RetrySet;
import org.clientproxy.proxy.settings.ReverseKeys;
import org.clientproxy.proxy.settings.SelectionPolicy;
import org.clientproxy.proxy.settings.WorkerKeys;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError.Condition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Random runs of everything that can happen to the proxy, each step compared with a reference model: first the steps of
 * the proxy alone, then the whole of it in its routes. {@code -Dmodel.runs=N} makes it N runs of each, {@code -Dseed=N}
 * others. What fails is printed as the shortest run that still fails ({@code docs/testing.md}).
 */
class ProxyModelTest {
    private static final int RUNS_OF_A_PROXY = 40;
    private static final int SHRINKS = 1000;
    // The last one is longer than any reply-timeout here.
    private static final List<Integer> ATTEMPT_TIMEOUTS = List.of(0, 0, 500, 2000, 7000, 75_000);
    private static final List<FeatureUse> FEATURES = List.of(
            FeatureUse.OFF, FeatureUse.OFF, FeatureUse.OFF, FeatureUse.PREFER, FeatureUse.REQUIRE, FeatureUse.REQUIRE);
    private static final List<List<Condition>> RETRY_ON = List.of(
            List.of(),
            List.of(Condition.RESOURCE_CONSTRAINT),
            List.of(Condition.RESOURCE_CONSTRAINT, Condition.ITEM_NOT_FOUND));

    /** Makes a proxy to be tested. */
    @FunctionalInterface
    private interface Maker {
        ModelSystem make(ProxySettings settings, Random random);
    }

    @TempDir
    Path dataDir;

    private final Logger log = (Logger) LoggerFactory.getLogger("org.clientproxy");
    private Level level;

    @BeforeEach
    void quiet() {
        level = log.getLevel();
        log.setLevel(Level.OFF);
    }

    @AfterEach
    void loud() {
        log.setLevel(level);
    }

    @Test
    void theStepsAloneDoWhatTheModelDemands(TestReporter reporter) {
        search(
                reporter,
                Integer.getInteger("model.runs", 1200),
                (settings, random) -> new DirectSystem(dataDir, settings, random));
    }

    @Test
    void theRoutesDoWhatTheModelDemands(TestReporter reporter) {
        search(
                reporter,
                Integer.getInteger("model.runs", 400),
                (settings, random) -> new RoutesSystem(dataDir, settings));
    }

    private void search(TestReporter reporter, int runs, Maker maker) {
        long seed = Long.getLong("seed", 1);
        ModelWire wire = new ModelWire();
        List<Stanza> forwarded = new ArrayList<>();
        long requests = 0;
        int done = 0;
        for (int proxy = 0; done < runs; proxy++) {
            Random random = new Random(seed * 1_000_003 + proxy);
            ProxySettings settings = settings(random.nextInt(24), random);
            long systemSeed = random.nextLong();
            List<ModelStep> history = new ArrayList<>();
            try (ModelSystem system = maker.make(settings, new Random(systemSeed))) {
                ModelPlay play = new ModelPlay(system, settings, wire, forwarded);
                try {
                    for (int run = 0; run < RUNS_OF_A_PROXY && !play.isDrained(); run++) {
                        for (ModelStep step : ModelStep.run(random)) {
                            history.add(step);
                            play.step(step);
                        }
                        done++;
                    }
                    play.stop();
                } catch (AssertionError | RuntimeException e) {
                    String where = "-Dseed=" + seed + ", proxy " + proxy;
                    throw ShortestHistory.of(
                            e, where, history, SHRINKS, steps -> failure(steps, settings, systemSeed, maker));
                }
                requests += play.model().requests();
            }
        }
        assertThat(requests).isGreaterThan(runs * 5L);
        reporter.publishEntry("searched", done + " runs, " + requests + " requests, seed " + seed);
    }

    private static @Nullable Throwable failure(
            List<ModelStep> steps, ProxySettings settings, long systemSeed, Maker maker) {
        try (ModelSystem system = maker.make(settings, new Random(systemSeed))) {
            ModelPlay play = new ModelPlay(system, settings, new ModelWire(), new ArrayList<>());
            try {
                steps.forEach(play::step);
                play.stop();
            } catch (AssertionError | RuntimeException e) {
                return e;
            }
            return null;
        }
    }

    private ProxySettings settings(int variant, Random random) {
        boolean tight = variant % 2 == 1;
        return ProxyFixture.settings(dataDir)
                .with(PoolKeys.SELECTION, SelectionPolicy.values()[variant % SelectionPolicy.values().length])
                .with(RequestKeys.REPLY_TIMEOUT, Duration.ofSeconds(tight ? 10 : 60))
                .with(RequestKeys.ATTEMPTS, 1 + variant % 3)
                .with(WorkerKeys.EJECT_AFTER, variant % 4)
                .with(WorkerKeys.EJECT_TIME, Duration.ofSeconds(variant > 4 ? 5 : 30))
                .with(WorkerKeys.EJECT_ON, variant == 6 ? List.of(Condition.ITEM_NOT_FOUND) : List.of())
                .with(WorkerKeys.AVOID_SHOW, variant > 1 ? List.of("dnd") : List.of())
                .with(WorkerKeys.RETRY_SET, RetrySet.values()[variant % 3])
                .with(WorkerKeys.ATTEMPT_TIMEOUT, Duration.ofMillis(ATTEMPT_TIMEOUTS.get(random.nextInt(6))))
                .with(WorkerKeys.RETRY_ON, RETRY_ON.get(random.nextInt(3)))
                .with(WorkerKeys.FEATURES, FEATURES.get(random.nextInt(6)))
                .with(ReverseKeys.REVERSE, random.nextInt(6) != 0)
                .with(ReverseKeys.REACH, random.nextBoolean() ? List.of() : List.of(Jid.parse("bob@other.example")))
                .with(RequestKeys.MAX_PENDING, tight ? 7 : 100)
                .with(RequestKeys.MAX_PENDING_PER_REQUESTER, tight ? 3 : 50)
                .with(WorkerKeys.MAX_PENDING_PER_RESOURCE, variant / 8)
                .with(WorkerKeys.QUEUE_TIMEOUT, queueTimeout(variant))
                .with(WorkerKeys.MAX_QUEUED, variant % 5 == 0 ? 2 : 10_000);
    }

    /** Of three in eight there is no limit of any kind; the others have capacities, a queue, or both. */
    private static Duration queueTimeout(int variant) {
        return switch (variant % 8) {
            case 1, 4 -> Duration.ofSeconds(3);
            case 2, 5, 7 -> Duration.ofSeconds(15);
            default -> Duration.ZERO;
        };
    }
}
