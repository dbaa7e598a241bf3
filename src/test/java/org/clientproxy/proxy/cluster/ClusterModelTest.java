package org.clientproxy.proxy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.clientproxy.proxy.ShortestHistory;
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
    private record Setting(boolean wild, int size, Streams streams, boolean witness) {
        static Setting of(boolean wild, Random random) {
            Streams streams = random.nextBoolean() ? Streams.ONE : Streams.ALL;
            return new Setting(wild, 3 + random.nextInt(3), streams, random.nextInt(3) == 0);
        }

        SimWorld world() {
            return new SimWorld(wild, size, streams, witness);
        }
    }

    @Test
    void noRequestIsAnsweredTwiceWhateverHappens(TestReporter reporter) {
        search(true, reporter);
    }

    @Test
    void eachRequestIsAnsweredWhileOneNodeFailsAtATime(TestReporter reporter) {
        search(false, reporter);
    }

    private static void search(boolean wild, TestReporter reporter) {
        long seed = Long.getLong("seed", 1);
        int runs = Integer.getInteger("cluster.runs", 400);
        long steps = 0;
        long requests = 0;
        long answered = 0;
        long taken = 0;
        long anew = 0;
        long window = 0;
        long elsewhere = 0;
        for (int run = 0; run < runs; run++) {
            Random random = new Random(seed * 1_000_003 + run);
            Setting setting = Setting.of(wild, random);
            List<SimStep> history = SimStep.run(random, wild, 50 + random.nextInt(1000));
            SimWorld world = setting.world();
            try {
                history.forEach(world::step);
                world.end();
            } catch (AssertionError | RuntimeException e) {
                String where = "-Dseed=" + seed + ", run " + run + ", " + setting;
                throw ShortestHistory.of(e, where, history, SHRINKS, shorter -> failure(shorter, setting));
            }
            steps += history.size();
            requests += world.requests.size();
            answered += world.requests.stream()
                    .filter(request -> request.answers == 1)
                    .count();
            window += world.requests.stream()
                    .filter(request -> request.forwarded && request.answers == 0)
                    .count();
            taken += world.takenOver;
            anew += world.beganAnew;
            elsewhere += world.repliesElsewhere;
        }
        reporter.publishEntry(
                "searched",
                runs + " runs, " + steps + " steps, " + requests + " requests, " + answered + " answered, " + window
                        + " forwarded and not answered, " + taken + " taken over, " + elsewhere
                        + " replies read elsewhere, " + anew + " times a node began anew, seed " + seed);
        assertThat(answered).isGreaterThan(runs * 3L);
        assertThat(taken).isGreaterThan(runs / 2L);
        assertThat(anew).isGreaterThan(runs / 10L);
        assertThat(elsewhere).isGreaterThan(runs * 3L);
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
