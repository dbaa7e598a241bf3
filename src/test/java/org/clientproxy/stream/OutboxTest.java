package org.clientproxy.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.Test;

/** What was begun to be written is never written again; what was not is never lost. */
class OutboxTest {
    private static final ByteBufAllocator ALLOCATOR = UnpooledByteBufAllocator.DEFAULT;

    private final StreamCounters counters = new StreamCounters();
    private final Outbox outbox = new Outbox(counters);

    private static Stanza reply(String id) {
        return Stanza.of(Stanza.Kind.IQ, "result", id, "proxy.example", "a@b/c", "");
    }

    /** The next batch, the barrier being open. */
    private static Outbox.Batch next(Outbox outbox) {
        if (outbox.isUnasked()) {
            outbox.ask();
            outbox.open();
        }
        return outbox.next(ALLOCATOR);
    }

    private String write() {
        return write(next(outbox));
    }

    private static String write(Outbox.Batch batch) {
        String written = batch.octets().toString(StandardCharsets.UTF_8);
        batch.octets().release();
        return written;
    }

    @Test
    void keepsTheOrderAndWritesAllAtOnce() {
        for (int i = 0; i < 3; i++) {
            outbox.add(reply("r" + i), true, 0);
        }
        assertThat(write()).containsSubsequence("id='r0'", "id='r1'", "id='r2'");
        assertThat(outbox.mayWrite()).isFalse();
        assertThat(outbox.isIdle()).isFalse();
    }

    @Test
    void forgetsWhatReachedTheSocketAndKeepsTheRest() {
        int octets = reply("r0").octets();
        for (int reached : new int[] {0, 1, octets - 1, octets, octets + 1, 3 * octets}) {
            Outbox fresh = new Outbox(counters);
            for (int i = 0; i < 3; i++) {
                fresh.add(reply("r" + i), true, 0);
            }
            Outbox.Batch batch = next(fresh);
            batch.octets().release();
            fresh.add(reply("r3"), true, 0);
            batch.written(reached);
            fresh.streamBroke();
            StringBuilder left = new StringBuilder();
            while (!fresh.isIdle()) {
                Outbox.Batch again = next(fresh);
                left.append(again.octets().toString(StandardCharsets.UTF_8));
                again.octets().release();
                fresh.done(again);
            }
            int begun = (reached + octets - 1) / octets;
            for (int i = 0; i < 4; i++) {
                assertThat(left.toString().contains("id='r" + i + "'"))
                        .as("r%d after %d octets", i, reached)
                        .isEqualTo(i >= begun);
            }
        }
    }

    @Test
    void doesNotKeepWhatIsNoReplyOverABreak() {
        outbox.add(Stanza.of(Stanza.Kind.PRESENCE, null, null, "proxy.example", "a@b", ""), false, 0);
        outbox.add(reply("r0"), true, 0);
        outbox.streamBroke();
        assertThat(write()).startsWith("<iq").doesNotContain("presence");
    }

    @Test
    void handsBackTheMessagesThatDoNotWaitAndOfWhichNothingWasWritten() {
        for (int i = 0; i < 4; i++) {
            outbox.add(message("m" + i), i == 3, 0);
        }
        int octets = message("m0").octets();
        Outbox.Batch batch = next(outbox);
        batch.octets().release();
        batch.written(octets + 1);
        outbox.add(message("m4"), false, 0);
        // The first was written, and the second begun.
        assertThat(outbox.streamBroke()).extracting(Stanza::id).containsExactly("m2", "m4");
        assertThat(write()).contains("m3").doesNotContain("m2");
    }

    private static Stanza message(String id) {
        return Stanza.of(Stanza.Kind.MESSAGE, "chat", id, "proxy.example", "a@b", "");
    }

    @Test
    void countsItsOctetsDownToNothing() {
        for (int i = 0; i < 10_000; i++) {
            outbox.add(reply("r" + i), true, 0);
        }
        assertThat(outbox.octets()).isGreaterThan(500_000);
        while (!outbox.isIdle()) {
            Outbox.Batch batch = next(outbox);
            batch.octets().release();
            outbox.done(batch);
        }
        assertThat(outbox.octets()).isZero();
        assertThat(outbox.isIdle()).isTrue();
    }

    @Test
    void knowsHowLongTheFirstHasWaited() {
        assertThat(outbox.waitingNanos()).isZero();
        outbox.add(reply("r0"), true, 100);
        assertThat(outbox.waitingNanos()).isZero();
        outbox.add(reply("r1"), true, 140);
        assertThat(outbox.waitingNanos()).isEqualTo(40);
        next(outbox).octets().release();
        assertThat(outbox.waitingNanos()).isZero();
    }

    @Test
    void writesWhatTheBarrierHasOpenedForInTheOrderInWhichItWasAsked() {
        outbox.add(reply("r0"), true, 0);
        assertThat(outbox.isUnasked()).isTrue();
        assertThat(outbox.mayWrite()).as("before it was asked").isFalse();
        outbox.ask();
        assertThat(outbox.isUnasked()).isFalse();
        outbox.add(reply("r1"), true, 0);
        outbox.add(reply("r2"), true, 0);
        outbox.ask();
        outbox.add(reply("r3"), true, 0);
        assertThat(outbox.mayWrite()).isFalse();
        outbox.open();
        assertThat(write(outbox.next(ALLOCATOR))).containsOnlyOnce("<iq").contains("r0");
        assertThat(outbox.mayWrite()).isFalse();
        outbox.open();
        assertThat(write(outbox.next(ALLOCATOR))).contains("r1", "r2").doesNotContain("r3");
        outbox.open();
        assertThat(outbox.mayWrite())
                .as("it opens no more often than it was asked")
                .isFalse();
        outbox.ask();
        outbox.open();
        assertThat(write(outbox.next(ALLOCATOR))).contains("r3");
    }

    @Test
    void waitsForTheBarrierOverABreak() {
        outbox.add(reply("written"), true, 0);
        outbox.ask();
        outbox.add(Stanza.of(Stanza.Kind.PRESENCE, null, "gone", "proxy.example", "a@b", ""), false, 0);
        outbox.add(reply("asked"), true, 0);
        outbox.ask();
        outbox.open();
        outbox.next(ALLOCATOR).octets().release();
        outbox.add(reply("unasked"), true, 0);
        outbox.streamBroke();
        assertThat(write(outbox.next(ALLOCATOR)))
                .as("nothing of it was begun")
                .contains("written")
                .containsOnlyOnce("<iq");
        assertThat(outbox.mayWrite()).isFalse();
        outbox.open();
        assertThat(write(outbox.next(ALLOCATOR))).contains("'asked'").containsOnlyOnce("<iq");
        assertThat(outbox.isUnasked()).isTrue();
    }

    @Test
    void theWaitForTheBarrierIsNoReasonToHurry() {
        outbox.add(reply("r0"), true, 100);
        outbox.add(reply("r1"), true, 140);
        outbox.ask();
        outbox.add(reply("r2"), true, 150);
        assertThat(outbox.waitingNanos()).isEqualTo(10);
        outbox.open();
        assertThat(outbox.waitingNanos()).isEqualTo(50);
    }

    @Test
    void whatIsAbandonedIsGoneAndTheBarrierOwesNothing() {
        outbox.add(reply("r0"), true, 0);
        outbox.ask();
        outbox.add(reply("r1"), true, 0);
        outbox.abandon();
        assertThat(outbox.isIdle()).isTrue();
        assertThat(outbox.octets()).isZero();
        assertThat(outbox.heap()).isZero();
        assertThat(counters.lost()).isEqualTo(2);
        outbox.add(reply("r2"), true, 0);
        outbox.open();
        assertThat(outbox.mayWrite()).as("what opens late opens nothing new").isFalse();
        assertThat(write()).containsOnlyOnce("<iq").contains("r2");
    }

    @Test
    void givesUpWhatWaitedTooLong() {
        outbox.add(reply("old"), true, 0);
        outbox.add(reply("new"), true, Outbox.MAX_WAIT.toNanos());
        outbox.expire(Outbox.MAX_WAIT.toNanos() + 1);
        assertThat(write()).contains("new").doesNotContain("old");
        assertThat(counters.lost()).isOne();
    }

    @Test
    void isFullAtItsLimit() {
        for (int i = 0; i < Outbox.MAX_WAITING; i++) {
            assertThat(outbox.isFull(false)).isFalse();
            outbox.add(reply("r"), true, 0);
        }
        assertThat(outbox.isFull(false)).isTrue();
        assertThat(outbox.isFull(true)).as("replies are still taken").isFalse();
    }

    @Test
    void takesNothingButRepliesWhileTheServerIsSlow() {
        Stanza large = reply("x".repeat(1 << 20));
        for (int i = 0; i < 4; i++) {
            assertThat(outbox.isFull(false)).isFalse();
            outbox.add(large, true, 0);
        }
        assertThat(outbox.isFull(false)).isTrue();
        assertThat(outbox.isFull(true)).isFalse();
    }
}
