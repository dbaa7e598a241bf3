package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.clientproxy.proxy.settings.EncodedFrom;
import org.clientproxy.proxy.settings.FeatureUse;
import org.clientproxy.proxy.settings.MessageKeys;
import org.clientproxy.proxy.settings.PoolKeys;
import org.clientproxy.proxy.settings.PresenceKeys;
import org.clientproxy.proxy.settings.PresenceUse;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.RequestKeys;
import org.clientproxy.proxy.settings.RetrySet;
import org.clientproxy.proxy.settings.ReverseKeys;
import org.clientproxy.proxy.settings.RouteKeys;
import org.clientproxy.proxy.settings.SelectionPolicy;
import org.clientproxy.proxy.settings.WorkerKeys;
import org.clientproxy.xmpp.Jid;
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

    /** Who may use the proxy, and who may not. */
    private record Access(String allow, String deny) {
        private static List<Jid> rules(String rules) {
            return rules.isEmpty()
                    ? List.of()
                    : Stream.of(rules.split(" ")).map(Jid::parse).toList();
        }
    }

    private static final List<Access> ACCESS = List.of(
            new Access("", ""),
            new Access("", ""),
            new Access("", ""),
            new Access("", "bob@other.example carol@other.example"),
            new Access("", "alice@some.example/work *.other.example"),
            new Access("some.example some.service bob@other.example/phone", "worker@some.example"),
            new Access("*.example", "ALICE@some.example/home example"));

    private static final List<Integer> RATES = List.of(0, 0, 1, 3);
    private static final List<Set<PresenceUse>> USES = List.of(
            Set.of(PresenceUse.RELAY),
            Set.of(PresenceUse.SERVICE),
            Set.of(PresenceUse.RELAY, PresenceUse.SERVICE),
            Set.of());

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
                this::settings,
                (settings, random) -> new DirectSystem(dataDir, settings, random));
    }

    @Test
    void theRoutesDoWhatTheModelDemands(TestReporter reporter) {
        search(
                reporter,
                Integer.getInteger("model.runs", 400),
                this::settings,
                (settings, random) -> new RoutesSystem(dataDir, settings, random));
    }

    @Test
    void theRoutesPassOnWhatTheModelDemands(TestReporter reporter) {
        search(
                reporter,
                Integer.getInteger("model.runs", 300),
                this::talkative,
                (settings, random) -> new RoutesSystem(dataDir, settings, random));
    }

    private void search(
            TestReporter reporter, int runs, BiFunction<Integer, Random, ProxySettings> settingsOf, Maker maker) {
        long seed = Long.getLong("seed", 1);
        ModelWire wire = new ModelWire();
        PlayHeard heard = new PlayHeard();
        long requests = 0;
        int done = 0;
        for (int proxy = 0; done < runs; proxy++) {
            Random random = new Random(seed * 1_000_003 + proxy);
            ProxySettings settings = settingsOf.apply(random.nextInt(24), random);
            long systemSeed = random.nextLong();
            List<ModelStep> history = new ArrayList<>();
            try (ModelSystem system = maker.make(settings, new Random(systemSeed))) {
                ModelPlay play = new ModelPlay(system, settings, wire, heard);
                try {
                    for (int run = 0; run < RUNS_OF_A_PROXY && !play.isDrained(); run++) {
                        for (ModelStep step : ModelStep.run(random, settings.get(MessageKeys.MESSAGES))) {
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
            ModelPlay play = new ModelPlay(system, settings, new ModelWire(), new PlayHeard());
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
        Access access = ACCESS.get(random.nextInt(ACCESS.size()));
        return ProxyFixture.settings(dataDir)
                // The tokens outlive a proxy.
                .with(RouteKeys.JAT_KEY, List.of("A".repeat(43)))
                .with(RouteKeys.ENCODED_FROM, random.nextInt(4) == 0 ? EncodedFrom.PLAIN : EncodedFrom.TOKEN)
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
                .with(RouteKeys.ALLOW, Access.rules(access.allow()))
                .with(RouteKeys.DENY, Access.rules(access.deny()))
                .with(ReverseKeys.REVERSE, random.nextInt(6) != 0)
                .with(ReverseKeys.REACH, random.nextBoolean() ? List.of() : List.of(Jid.parse("bob@other.example")))
                .with(RequestKeys.MAX_PENDING, tight ? 7 : 100)
                .with(RequestKeys.MAX_PENDING_PER_REQUESTER, tight ? 3 : 50)
                .with(WorkerKeys.MAX_PENDING_PER_RESOURCE, variant / 8)
                .with(WorkerKeys.QUEUE_TIMEOUT, queueTimeout(variant))
                .with(WorkerKeys.MAX_QUEUED, variant % 5 == 0 ? 2 : 10_000);
    }

    /** The same, with messages, presence of users, and sessions that register by their presence. */
    private ProxySettings talkative(int variant, Random random) {
        ProxySettings settings = settings(variant, random);
        if (settings.selection() == SelectionPolicy.STICKY) {
            // Who stands in for one that is full holds no conversation, which shows nowhere, and messages go by it.
            settings =
                    settings.with(WorkerKeys.MAX_PENDING_PER_RESOURCE, 0).with(WorkerKeys.QUEUE_TIMEOUT, Duration.ZERO);
        }
        Set<PresenceUse> uses = USES.get(random.nextInt(4));
        // It bounds what is kept of presence as well, which the model knows no bound of.
        boolean few = uses.isEmpty() && random.nextBoolean();
        return settings.with(MessageKeys.MESSAGES, true)
                .with(MessageKeys.MAX_CONVERSATIONS, few ? 2 : 100_000)
                .with(MessageKeys.MESSAGE_RATE, RATES.get(random.nextInt(4)))
                .with(PresenceKeys.PRESENCE, uses)
                .with(PoolKeys.SUBSCRIBE, random.nextInt(3) != 0);
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
