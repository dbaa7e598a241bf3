package org.clientproxy.proxy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.clientproxy.proxy.cluster.ClusterRules.Lone;
import org.clientproxy.proxy.cluster.ClusterRules.Streams;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One of two nodes that sees the other one no more. */
class LoneNodeTest {
    private static final Member ONE = new Member(1, 1);
    private static final Member TWO = new Member(2, 1);
    private static final long SECOND = 1_000_000_000L;

    private final List<String> heard = new ArrayList<>();
    private long now;

    /** Node 2 with a copy of a request of node 1, or node 1 with one of node 2, in a view of both. */
    private ClusterNode together(Member self, Lone lone) {
        Member other = self.equals(ONE) ? TWO : ONE;
        ClusterRules rules = new ClusterRules(2, Streams.ALL, lone, Duration.ofSeconds(5), 8);
        ClusterNode node = new ClusterNode(self, rules, () -> now, new Silent(), new Hearing());
        View view = new View(1, ONE, List.of(ONE, TWO));
        node.viewDelivered(view);
        says(node, view, other, null);
        Command put = new Command(Command.Kind.PUT, 1, now + 60 * SECOND, new byte[] {1}, 0);
        node.received(
                other,
                Wire.encode(new Message.Batch(view.id(), Life.first(other), Life.first(self), 1, List.of(put)), now));
        assertThat(node.figures().held()).isEqualTo(1);
        return node;
    }

    /** The other one gives its word in this view; that in which it acted last is null where it has had no part in anything yet. */
    private void says(ClusterNode node, View view, Member other, @Nullable View acted) {
        Message.Standing standing = new Message.Standing(true, false, false, 0, 0);
        node.received(
                other,
                Wire.encode(
                        new Message.Word(
                                view.id(), Life.first(other), acted == null, acted, List.of(), standing, false),
                        now));
    }

    private void pass(ClusterNode node, int seconds) {
        for (int i = 0; i < seconds * 10; i++) {
            now += SECOND / 10;
            node.tick();
        }
    }

    private static void isAlone(ClusterNode node, Member self) {
        node.viewDelivered(new View(2, self, List.of(self)));
    }

    @Test
    void stopsWhereItIsToldTo() {
        ClusterNode node = together(ONE, Lone.STOP);
        isAlone(node, ONE);
        node.ended(2);
        pass(node, 60);
        assertThat(node.figures().isActing()).isFalse();
    }

    @Test
    void nodeTwoTakesOverWhenTheOtherHasEnded() {
        ClusterNode node = together(TWO, Lone.FIRST);
        isAlone(node, TWO);
        pass(node, 1);
        assertThat(node.figures().isActing()).isFalse();
        node.ended(1);
        assertThat(node.figures().isActing()).isTrue();
        assertThat(heard).contains("taken over 1", "granted").doesNotContain("began anew");
    }

    @Test
    void nodeTwoDoesNotGoOnWhileTheOtherMayBeThere() {
        ClusterNode node = together(TWO, Lone.FIRST);
        isAlone(node, TWO);
        pass(node, 60);
        assertThat(node.figures().isActing()).isFalse();
    }

    @Test
    void nodeTwoBeginsAnewWhereNodeOneMayHaveGoneOnAlone() {
        ClusterNode node = together(TWO, Lone.FIRST);
        isAlone(node, TWO);
        pass(node, 6);
        node.ended(1);
        assertThat(node.figures().isActing()).isTrue();
        assertThat(heard).contains("began anew").doesNotContain("taken over 1");
    }

    @Test
    void nodeTwoBeginsAnewAfterAPauseOfItsOwn() {
        ClusterNode node = together(TWO, Lone.FIRST);
        now += 20 * SECOND;
        isAlone(node, TWO);
        node.ended(1);
        assertThat(node.figures().isActing()).isTrue();
        assertThat(heard).contains("began anew").doesNotContain("taken over 1");
    }

    @Test
    void nodeOneGoesOnInAnyCaseAfterAWhile() {
        ClusterNode node = together(ONE, Lone.FIRST);
        isAlone(node, ONE);
        pass(node, 9);
        assertThat(node.figures().isActing()).isFalse();
        pass(node, 2);
        assertThat(node.figures().isActing()).isTrue();
        assertThat(heard).contains("taken over 1").doesNotContain("began anew");
    }

    @Test
    void eitherContinuesWhereItIsToldTo() {
        ClusterNode node = together(TWO, Lone.CONTINUE);
        isAlone(node, TWO);
        assertThat(heard).contains("taken over 1");
    }

    /** It took over what node 1 owned, and has forgotten what was between the two: so node 1 can neither answer nor go on with it. */
    @Test
    void nodeOneBeginsAnewWhereTheOtherHasContinuedWithItsCopies() {
        ClusterNode node = together(ONE, Lone.CONTINUE);
        now += 20 * SECOND;
        View again = new View(3, ONE, List.of(ONE, TWO));
        node.viewDelivered(again);
        says(node, again, TWO, new View(2, TWO, List.of(TWO)));
        assertThat(heard).contains("began anew");
        assertThat(node.figures().isActing()).isTrue();
    }

    /** That process never had anything of node 1. */
    @Test
    void nodeOneKeepsWhatItHasWhereAnotherProcessOfTheOtherHasContinued() {
        ClusterNode node = together(ONE, Lone.CONTINUE);
        Member next = new Member(2, 2);
        View again = new View(3, ONE, List.of(ONE, next));
        node.viewDelivered(again);
        says(node, again, next, new View(2, next, List.of(next)));
        assertThat(heard).doesNotContain("began anew");
        assertThat(node.figures().isActing()).isTrue();
    }

    private static final class Silent implements Peers {
        @Override
        public void send(Member to, byte[] octets) {
            // Nobody is there.
        }

        @Override
        public void rejoin() {
            throw new AssertionError();
        }
    }

    private final class Hearing implements ClusterListener {
        @Override
        public void takenOver(List<Taken> taken) {
            heard.add("taken over " + taken.size());
        }

        @Override
        public void handedOver(List<Long> numbers) {
            heard.add("handed over");
        }

        @Override
        public void beganAnew() {
            heard.add("began anew");
        }

        @Override
        public boolean reply(byte[] stanza, boolean named) {
            return false;
        }

        @Override
        public void stanza(byte[] stanza) {
            heard.add("stanza");
        }

        @Override
        public void othersGone() {
            // That is seen by what was taken over.
        }

        @Override
        public void streamGranted() {
            heard.add("granted");
        }

        @Override
        public void streamRevoked() {
            heard.add("revoked");
        }
    }
}
