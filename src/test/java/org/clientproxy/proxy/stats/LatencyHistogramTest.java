package org.clientproxy.proxy.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LatencyHistogramTest {
    private static final double[] BOUNDS = LatencyHistogram.boundsSeconds();
    private final LatencyHistogram histogram = new LatencyHistogram();

    private static long nanos(double seconds) {
        return Math.round(seconds * 1e9);
    }

    /** The class that this duration falls into, alone in a histogram. */
    private static int classOf(long duration) {
        LatencyHistogram one = new LatencyHistogram();
        one.record(duration);
        long[] counts = one.counts();
        assertThat(LongStream.of(counts).sum()).isOne();
        return IntStream.range(0, counts.length)
                .filter(i -> counts[i] == 1)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void isEmptyAtFirst() {
        assertThat(histogram.counts()).hasSize(BOUNDS.length + 1).containsOnly(0);
        assertThat(histogram.seconds()).isZero();
    }

    @Test
    void itsBoundsRiseFromAMillisecondToAMinute() {
        assertThat(BOUNDS).isSorted().doesNotHaveDuplicates().startsWith(0.001).endsWith(60);
    }

    @Test
    void aDurationAtABoundBelongsBelowItAndTheNextNanosecondAbove() {
        for (int i = 0; i < BOUNDS.length; i++) {
            assertThat(classOf(nanos(BOUNDS[i]) - 1))
                    .as("below %s s", BOUNDS[i])
                    .isEqualTo(i);
            assertThat(classOf(nanos(BOUNDS[i]))).as("%s s", BOUNDS[i]).isEqualTo(i);
            assertThat(classOf(nanos(BOUNDS[i]) + 1))
                    .as("above %s s", BOUNDS[i])
                    .isEqualTo(i + 1);
        }
    }

    @Test
    void noDurationIsLost() {
        assertThat(classOf(0)).isZero();
        assertThat(classOf(Long.MAX_VALUE)).isEqualTo(BOUNDS.length);
    }

    @Test
    void countsAndAddsUp() {
        histogram.record(nanos(0.0005));
        histogram.record(nanos(0.001));
        histogram.record(nanos(0.3));
        histogram.record(nanos(90));
        assertThat(histogram.counts()[0]).isEqualTo(2);
        assertThat(histogram.counts()[8]).isOne();
        assertThat(histogram.counts()[BOUNDS.length]).isOne();
        assertThat(LongStream.of(histogram.counts()).sum()).isEqualTo(4);
        assertThat(histogram.seconds()).isCloseTo(90.3015, within(1e-9));
    }

    @Test
    void whatIsHandedOutIsACopy() {
        histogram.counts()[0] = 7;
        LatencyHistogram.boundsSeconds()[0] = 7;
        assertThat(histogram.counts()).containsOnly(0);
        assertThat(LatencyHistogram.boundsSeconds()).isEqualTo(BOUNDS);
    }

    @Test
    void canBeReadWhileItIsWritten() throws Exception {
        int rounds = 20_000;
        CountDownLatch reading = new CountDownLatch(1);
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            try {
                reading.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            for (int i = 0; i < rounds; i++) {
                for (double bound : BOUNDS) {
                    histogram.record(nanos(bound));
                }
            }
        });
        long[] before = histogram.counts();
        double secondsBefore = 0;
        boolean last;
        do {
            last = writer.isDone();
            long[] now = histogram.counts();
            double seconds = histogram.seconds();
            for (int i = 0; i < now.length; i++) {
                assertThat(now[i]).isBetween(before[i], (long) rounds);
            }
            assertThat(seconds).isGreaterThanOrEqualTo(secondsBefore);
            before = now;
            secondsBefore = seconds;
            reading.countDown();
        } while (!last);
        writer.get(1, TimeUnit.MINUTES);
        for (int i = 0; i < BOUNDS.length; i++) {
            assertThat(histogram.counts()[i]).isEqualTo(rounds);
        }
        assertThat(histogram.counts()[BOUNDS.length]).isZero();
        assertThat(histogram.seconds())
                .isCloseTo(
                        rounds
                                * IntStream.range(0, BOUNDS.length)
                                        .mapToDouble(i -> BOUNDS[i])
                                        .sum(),
                        within(1e-3));
    }
}
