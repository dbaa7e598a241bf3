package org.clientproxy.proxy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.clientproxy.proxy.ShortestHistory;
import org.clientproxy.proxy.cluster.ClusterRules.Lone;
import org.clientproxy.proxy.cluster.ClusterRules.Streams;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * Random runs of 3 to 5 nodes on a simulated network. Wild ones kill, freeze and cut off any of them at any time, while the engine says
 * anything: no request is answered twice. Tame ones let one node fail at a time: each request that was forwarded is
 * answered, with its original deadline. {@code -Dcluster.runs=N} makes it N runs of each, {@code -Dseed=N} others. What fails is printed
 * as the shortest run that still fails.
 */
class ClusterModelTest {
    private static final int SHRINKS = 3000;

    /** What a run is made of, but for its steps. */
    private record Setting(boolean wild, int size, Streams streams, boolean witness, Lone lone) {
        static Setting of(boolean wild, Random random) {
            Streams streams = random.nextBoolean() ? Streams.ONE : Streams.ALL;
            return new Setting(wild, 3 + random.nextInt(3), streams, random.nextInt(3) == 0, Lone.STOP);
        }

        /** Two that both go on alone. */
        static Setting ofTwo(Random random) {
            return new Setting(false, 2, random.nextBoolean() ? Streams.ONE : Streams.ALL, false, Lone.CONTINUE);
        }

        SimWorld world() {
            return new SimWorld(wild, size, streams, witness, lone);
        }
    }

    /** What some runs came to. */
    private static final class Tally {
        private final int runs = Integer.getInteger("cluster.runs", 400);
        private long steps;
        private long requests;
        private long answered;
        private long doubled;
        private long unanswered;
        private long taken;
        private long anew;
        private long elsewhere;

        private void add(List<SimStep> history, SimWorld world) {
            steps += history.size();
            requests += world.requests.size();
            for (SimRequest request : world.requests) {
                answered += request.answers == 1 ? 1 : 0;
                doubled += request.answers > 1 ? 1 : 0;
                unanswered += request.forwarded && request.answers == 0 ? 1 : 0;
            }
            taken += world.takenOver;
            anew += world.beganAnew;
            elsewhere += world.repliesElsewhere;
        }

        @Override
        public String toString() {
            return runs + " runs, " + steps + " steps, " + requests + " requests, " + answered + " answered once, "
                    + doubled + " more than once, " + unanswered + " forwarded and not answered, " + taken
                    + " taken over, " + elsewhere + " replies read elsewhere, " + anew + " times a node began anew";
        }
    }

    @Test
    void noRequestIsAnsweredTwiceWhateverHappens(TestReporter reporter) {
        assertThat(search(random -> Setting.of(true, random), reporter).doubled).isZero();
    }

    @Test
    void eachRequestIsAnsweredWhileOneNodeFailsAtATime(TestReporter reporter) {
        assertThat(search(random -> Setting.of(false, random), reporter).doubled)
                .isZero();
    }

    /** Both do, of those that had no answer when they were parted, and of no others. */
    @Test
    void twoThatGoOnAloneAnswerTwiceOrNotAtAllOnlyWhatWasPendingWhileTheyWereParted(TestReporter reporter) {
        Tally tally = search(Setting::ofTwo, reporter);
        assertThat(tally.doubled).isGreaterThan(tally.runs / 10L);
        assertThat(tally.unanswered).isGreaterThan(tally.runs / 10L);
    }

    private static Tally search(Function<Random, Setting> settings, TestReporter reporter) {
        long seed = Long.getLong("seed", 1);
        Tally tally = new Tally();
        for (int run = 0; run < tally.runs; run++) {
            Random random = new Random(seed * 1_000_003 + run);
            Setting setting = settings.apply(random);
            List<SimStep> history = SimStep.run(random, setting.wild(), 50 + random.nextInt(1000));
            SimWorld world = setting.world();
            try {
                history.forEach(world::step);
                world.end();
            } catch (AssertionError | RuntimeException e) {
                String where = "-Dseed=" + seed + ", run " + run + ", " + setting;
                throw ShortestHistory.of(e, where, history, SHRINKS, shorter -> failure(shorter, setting));
            }
            tally.add(history, world);
        }
        reporter.publishEntry("searched", tally + ", seed " + seed);
        assertThat(tally.answered).isGreaterThan(tally.runs * 3L);
        assertThat(tally.taken).isGreaterThan(tally.runs / 2L);
        assertThat(tally.anew).isGreaterThan(tally.runs / 10L);
        assertThat(tally.elsewhere).isGreaterThan(tally.runs * 3L);
        return tally;
    }

    private static @Nullable Throwable failure(List<SimStep> steps, Setting setting) {
        SimWorld world = setting.world();
        try {
            steps.forEach(world::step);
            world.end();
        } catch (AssertionError | RuntimeException e) {
            return e;
        }
        return null;
    }
}
