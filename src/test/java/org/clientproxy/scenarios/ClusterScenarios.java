package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.Test;

/** Three nodes, one stream: another node goes on with what was pending at the one that was killed, stood still or stopped. */
abstract class ClusterScenarios extends SharedCluster {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Override
    String streams() {
        return "one";
    }

    /** Whether the server gives the one that stands still its share as long as it has a connection. */
    boolean sharesAtRandom() {
        return false;
    }

    @Test
    void anotherNodeAnswersWhatWasPendingAtTheOneThatWasKilled() throws Exception {
        int holder = nodes.awaitStream();
        List<Stanza> work = pending.ask("killed");
        nodes.node(holder).kill();
        nodes.awaitStreamElsewhere(holder);
        pending.reply(work);
        pending.reply(work);
        pending.awaitResults("killed");
        pending.reply(pending.ask("later"));
        pending.awaitResults("later");
        pending.assertNoMore();
    }

    @Test
    void oneThatStandsStillIsReplacedAndWhenItGoesOnAnswersNothing() throws Exception {
        int holder = nodes.awaitStream();
        List<Stanza> work = pending.ask("frozen");
        assertThat(PendingWork.owners(work)).isEqualTo(Set.of(holder));
        ProxyProcess frozen = nodes.node(holder);
        frozen.signal("STOP");
        nodes.awaitStreamElsewhere(holder);
        if (!sharesAtRandom()) {
            pending.reply(work);
            pending.awaitResults("frozen");
        }
        frozen.signal("CONT");
        Awaitility.await("it knows that it was away").atMost(LIMIT).until(() -> frozen.log()
                .contains("begins anew"));
        if (sharesAtRandom()) {
            pending.replyUntilItComes(work);
        } else {
            work = pending.ask("after");
            pending.reply(work);
            pending.awaitResults("after");
        }
        pending.assertNoMore();
    }

    @Test
    void oneThatIsStoppedHandsOverWithoutAnError() throws Exception {
        int holder = nodes.awaitStream();
        List<Stanza> work = pending.ask("stopped");
        nodes.node(holder).stop();
        nodes.awaitStreamElsewhere(holder);
        pending.reply(work);
        pending.awaitResults("stopped");
        pending.assertNoMore();
    }

    /** What the server wrote to a connection that was being closed, and refused while there was none, is its own. */
    @Test
    void allNodesAreRestartedUnderLoadWithoutAnErrorOfTheProxy() throws Exception {
        pending.close();
        try (ClusterRun run = new ClusterRun(server, nodes, 1, 100)) {
            run.begin();
            for (int number = 1; number <= NODES; number++) {
                run.fail(NodeFault.STOPPED, number);
            }
            run.finish();
            String row = run.row("rolling restart");
            assertThat(run.load.results()).as(row).isPositive();
            assertThat(run.load.refused()).as(row).isEmpty();
            assertThat(run.load.doubled()).as(row).isZero();
            assertThat(run.load.forged()).as(row).isZero();
            assertThat(run.lostAnswers()).as(row).isEmpty();
            assertThat(run.neverForwarded()).as(row).hasSizeLessThan(10);
        }
    }
}
