package org.clientproxy.proxy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which requests others count on that have no copy. */
class OwnerTest {
    private static final Life TWO = Life.first(new Member(2, 1));
    private static final Life THREE = Life.first(new Member(3, 1));

    private final List<String> sent = new ArrayList<>();
    private final Set<Life> streams = new HashSet<>();
    private boolean serves = true;
    private final Owner owner = new Owner(
            (to, sequence, commands) -> {
                sent.add(to.node() + " " + commands.get(0).kind());
                lastSize = commands.size();
            },
            life -> false,
            streams::contains,
            () -> serves,
            stranded -> {
                throw new AssertionError("nothing is passed on");
            });
    private int passed;
    private int lastSize;

    private void put() {
        owner.put(1, new byte[] {1});
        owner.endTurn(() -> passed++, 0);
    }

    private void acknowledge(Life by, int sequence) {
        acknowledge(by, sequence, new boolean[] {true});
    }

    private void acknowledge(Life by, int sequence, boolean[] results) {
        owner.answered(by, List.of(new Sessions.Results(sequence, results)), 0);
    }

    @Test
    void whileTwoBatchesAreUnderWayFurtherTurnsMakeOne() {
        owner.act(List.of(TWO), 0);
        for (int i = 0; i < 5; i++) {
            put();
        }
        assertThat(sent).hasSize(2);
        assertThat(lastSize).isEqualTo(1);
        acknowledge(TWO, 1);
        assertThat(sent).hasSize(3);
        assertThat(lastSize).isEqualTo(3);
        assertThat(passed).isEqualTo(1);
        // In the order of the turns.
        acknowledge(TWO, 3, new boolean[] {true, true, true});
        assertThat(passed).isEqualTo(1);
        acknowledge(TWO, 2);
        assertThat(passed).isEqualTo(5);
    }

    /** Its answer waits for the end of the turn, and is at no other node. */
    @Test
    void oneThatIsAnsweredWithoutACopyHasNoneUntilItsTurnIsOver() {
        owner.act(List.of(), 0);
        long number = owner.put(1, new byte[] {1});
        owner.endTurn(() -> {}, 0);
        owner.settle(number);
        assertThat(owner.unprotected()).isEqualTo(1);
        owner.endTurn(() -> {}, 0);
        assertThat(owner.unprotected()).isZero();
    }

    @Test
    void oneThatWaitsForItsFirstCopyIsNotForwardedYet() {
        owner.act(List.of(TWO), 0);
        put();
        assertThat(owner.unprotected()).isZero();
        assertThat(passed).isZero();
        acknowledge(TWO, 1);
        assertThat(owner.unprotected()).isZero();
        assertThat(passed).isEqualTo(1);
    }

    @Test
    void oneWhoseHolderIsGoneHasNoCopyUntilTheNextOneSaysSo() {
        owner.act(List.of(TWO), 0);
        put();
        acknowledge(TWO, 1);
        owner.act(List.of(THREE), 0);
        assertThat(sent).containsExactly("2 PUT", "3 PUT");
        assertThat(owner.unprotected()).isEqualTo(1);
        acknowledge(THREE, 1);
        assertThat(owner.unprotected()).isZero();
    }

    @Test
    void oneThatGoesOutWithoutACopyHasNone() {
        owner.act(List.of(), 0);
        put();
        assertThat(passed).isEqualTo(1);
        assertThat(owner.unprotected()).isEqualTo(1);
    }

    @Test
    void oneThatWasAnothersHasNoCopyBeforeItIsAcknowledged() {
        owner.act(List.of(TWO), 0);
        owner.adopt(1, new byte[] {1});
        owner.place(0);
        assertThat(owner.unprotected()).isEqualTo(1);
        acknowledge(TWO, 1);
        assertThat(owner.unprotected()).isZero();
    }

    @Test
    void whatIsGoingToBeHandedOverLiesAtOnceWhereItGoes() {
        serves = false;
        streams.add(THREE);
        owner.act(List.of(TWO, THREE), 0);
        // By the hash of its number and the node about half of them would lie at node 2.
        for (int number = 1; number <= 10; number++) {
            owner.adopt(1, new byte[] {1});
            owner.place(0);
            acknowledge(THREE, number);
        }
        assertThat(sent).hasSize(10).containsOnly("3 PUT");
        sent.clear();
        List<Long> handedOver = new ArrayList<>();
        owner.tick(0, handedOver);
        assertThat(handedOver).hasSize(10);
        assertThat(sent).containsExactly("3 HAND_OVER");
    }
}
