package org.clientproxy.proxy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.clientproxy.proxy.cluster.Command.Kind;
import org.junit.jupiter.api.Test;

/** Who may answer a request of which this node holds the copy. */
class BackupTest {
    private static final Life A = Life.first(new Member(1, 1));
    private static final Life C = Life.first(new Member(3, 1));
    private static final byte[] BODY = {1};

    private final List<Long> arrived = new ArrayList<>();
    private final Backup backup = new Backup(arrived::add);

    private boolean[] apply(Life owner, Command... commands) {
        return backup.apply(owner, List.of(commands));
    }

    private static Command put(long number) {
        return new Command(Kind.PUT, number, 5, BODY, 0);
    }

    @Test
    void commandsOfABatchAreAppliedInOrderAndAnsweredEach() {
        assertThat(apply(A, put(1), put(1), Command.of(Kind.SETTLE, 1), Command.of(Kind.SETTLE, 1)))
                .containsExactly(true, false, true, false);
        assertThat(backup.held()).isZero();
    }

    @Test
    void whatIsSettledIsNotTakenOver() {
        apply(A, put(1), put(2), Command.of(Kind.SETTLE, 1));
        assertThat(backup.takeOver(A::equals)).extracting(Backup.Taken::number).containsExactly(2L);
    }

    @Test
    void whatIsTakenOverIsNotSettledReplacedPutOrForgotten() {
        apply(A, put(1));
        backup.takeOver(A::equals);
        assertThat(apply(
                        A,
                        Command.of(Kind.SETTLE, 1),
                        new Command(Kind.REPLACE, 1, 5, BODY, 0),
                        put(1),
                        Command.of(Kind.FORGET, 1)))
                .containsExactly(false, false, false, false);
        assertThat(backup.takeOver(A::equals)).isEmpty();
    }

    @Test
    void onlyTheOwnerSettles() {
        apply(A, put(1));
        assertThat(apply(A.next(), Command.of(Kind.SETTLE, 1))).containsExactly(false);
        assertThat(apply(C, Command.of(Kind.SETTLE, 1))).containsExactly(false);
        assertThat(apply(A, Command.of(Kind.SETTLE, 1))).containsExactly(true);
    }

    @Test
    void whoeverTakesOverGetsWhatWasPutLast() {
        byte[] later = {2};
        apply(A, put(1), new Command(Kind.REPLACE, 1, 7, later, 0));
        assertThat(backup.takeOver(A::equals)).containsExactly(new Backup.Taken(A, 1, 7, later));
    }

    @Test
    void whatIsHandedOverIsTaken() {
        apply(A, put(1));
        assertThat(apply(A, Command.of(Kind.HAND_OVER, 1), Command.of(Kind.SETTLE, 1)))
                .containsExactly(true, false);
        assertThat(backup.handedOver()).extracting(Backup.Taken::number).containsExactly(1L);
        assertThat(backup.handedOver()).isEmpty();
    }

    @Test
    void theCopyOfWhatWasHandedOverComesBack() {
        apply(C, new Command(Kind.PUT, 9, 5, BODY, 4));
        assertThat(arrived).containsExactly(4L);
    }

    @Test
    void whatIsForgottenMayBeForgottenAgain() {
        apply(A, put(1));
        assertThat(apply(A, Command.of(Kind.FORGET, 1), Command.of(Kind.FORGET, 1)))
                .containsExactly(true, true);
        assertThat(backup.held()).isZero();
    }

    @Test
    void aBatchThatIsRepeatedHasTheSameResults() {
        Sessions sessions = new Sessions(backup);
        sessions.accept(A, 1, List.of(put(1)));
        for (int times = 0; times < 2; times++) {
            assertThat(sessions.accept(A, 2, List.of(Command.of(Kind.SETTLE, 1))))
                    .singleElement()
                    .satisfies(results -> assertThat(results.values()).containsExactly(true));
        }
    }

    @Test
    void aBatchThatOvertakesWaitsForTheOneBefore() {
        Sessions sessions = new Sessions(backup);
        assertThat(sessions.accept(A, 2, List.of(Command.of(Kind.SETTLE, 1)))).isEmpty();
        assertThat(sessions.accept(A, 1, List.of(put(1))))
                .extracting(results -> results.values()[0])
                .containsExactly(true, true);
    }

    @Test
    void soManyBatchesAreRemembered() {
        Sessions sessions = new Sessions(backup);
        for (int i = 1; i <= Sessions.REMEMBERED + 1; i++) {
            sessions.accept(A, i, List.of(put(i)));
        }
        assertThat(sessions.remembered(A)).hasSize(Sessions.REMEMBERED);
        assertThat(sessions.remembered(A).get(0).sequence()).isEqualTo(2);
    }
}
