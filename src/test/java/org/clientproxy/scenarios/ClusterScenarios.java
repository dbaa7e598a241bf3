package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.XmppServer;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three nodes as processes, one stream: another node goes on with what was pending at the one that was killed, stood still or stopped. */
abstract class ClusterScenarios {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private XmppServer server;
    private final List<AutoCloseable> opened = new ArrayList<>();
    private NodeProcesses nodes;

    /** One at which a further component takes the place of the one before, or shares with it. */
    abstract XmppServer server() throws Exception;

    /** Whether the server gives the one that stands still its share as long as it has a connection. */
    boolean sharesAtRandom() {
        return false;
    }

    @BeforeEach
    void start() throws Exception {
        server = server();
        opened.add(server::close);
        ClusterRun.prepared(server);
    }

    @AfterEach
    void end() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    /** @param settings environment variables of the node of this number */
    private void cluster(int count, IntFunction<Map<String, String>> settings) throws Exception {
        nodes = new NodeProcesses(server, count, settings);
        opened.add(nodes);
        nodes.startAll();
    }

    /** Three nodes see each other, and the first has the stream. */
    private void cluster() throws Exception {
        cluster(3, number -> Map.of("PROXY_REPLY_TIMEOUT", "2m"));
    }

    private PendingWork work() throws Exception {
        PendingWork work = new PendingWork(server);
        opened.add(work);
        return work;
    }

    @Test
    void anotherNodeAnswersWhatWasPendingAtTheOneThatWasKilled() throws Exception {
        cluster();
        PendingWork pending = work();
        List<Stanza> work = pending.ask("killed");
        nodes.node(1).kill();
        nodes.awaitStreamElsewhere(1);
        pending.reply(work);
        pending.reply(work);
        pending.awaitResults("killed");
        pending.reply(pending.ask("later"));
        pending.awaitResults("later");
        pending.assertNoMore();
    }

    @Test
    void oneThatStandsStillIsReplacedAndWhenItGoesOnAnswersNothing() throws Exception {
        cluster();
        PendingWork pending = work();
        List<Stanza> work = pending.ask("frozen");
        ProxyProcess first = nodes.node(1);
        first.signal("STOP");
        nodes.awaitStreamElsewhere(1);
        if (!sharesAtRandom()) {
            pending.reply(work);
            pending.awaitResults("frozen");
        }
        first.signal("CONT");
        Awaitility.await("it knows that it was away").atMost(LIMIT).until(() -> first.log()
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
        cluster();
        PendingWork pending = work();
        List<Stanza> work = pending.ask("stopped");
        nodes.node(1).stop();
        nodes.awaitStreamElsewhere(1);
        pending.reply(work);
        pending.awaitResults("stopped");
        pending.assertNoMore();
    }

    /** What the server wrote to a connection that was being closed, and refused while there was none, is its own. */
    @Test
    void allNodesAreRestartedUnderLoadWithoutAnErrorOfTheProxy() throws Exception {
        try (ClusterRun run = new ClusterRun(server, 1, 100)) {
            run.begin();
            for (int number = 1; number <= ClusterRun.NODES; number++) {
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

    /** Two that serve and a witness: whichever is gone, the other two are a majority. */
    @Test
    void aWitnessKeepsTheCopiesAndVotesForTheOther() throws Exception {
        cluster(
                3,
                number -> Map.of("PROXY_REPLY_TIMEOUT", "2m", "PROXY_CLUSTER_STREAMS", number == 3 ? "none" : "one"));
        PendingWork pending = work();
        List<Stanza> work = pending.ask("witness");
        nodes.node(1).kill();
        nodes.awaitStreamElsewhere(1);
        assertThat(nodes.withStream()).as("no witness serves").isEqualTo(2);
        pending.reply(work);
        pending.awaitResults("witness");
        nodes.node(1).start();
        nodes.awaitWhole(3);
        work = pending.ask("again");
        nodes.node(3).kill();
        nodes.awaitWhole(2);
        pending.reply(work);
        pending.awaitResults("again");
        pending.assertNoMore();
    }

    /** Two alone: the one goes on by itself when the process of the other has surely ended. */
    @Test
    void oneOfTwoGoesOnWhereTheOtherWasKilled() throws Exception {
        cluster(
                2,
                number -> Map.of(
                        "PROXY_REPLY_TIMEOUT",
                        "2m",
                        // A node 2 that was kept from running for half of that could not know that node 1 has not gone
                        // on.
                        "PROXY_CLUSTER_SILENT_AFTER",
                        "1m",
                        "PROXY_CLUSTER_LONE",
                        "first"));
        PendingWork pending = work();
        List<Stanza> work = pending.ask("one-of-two");
        nodes.node(1).kill();
        nodes.awaitStreamElsewhere(1);
        pending.reply(work);
        pending.awaitResults("one-of-two");
        nodes.node(1).start();
        nodes.awaitWhole(2);
        work = pending.ask("two-again");
        nodes.node(2).kill();
        nodes.awaitStreamElsewhere(2);
        pending.reply(work);
        pending.awaitResults("two-again");
        pending.assertNoMore();
    }

    @Test
    void oneOfTwoServesNobodyWhereItIsToldToStop() throws Exception {
        cluster(2, number -> Map.of("PROXY_CLUSTER_LONE", "stop"));
        nodes.node(1).kill();
        Awaitility.await("it is alone")
                .atMost(LIMIT)
                .until(() -> nodes.says(2) != null && !nodes.says(2).getBoolean("acting"));
        assertThat(nodes.withStream()).as("it does not connect").isZero();
        assertThat(nodes.get(2, "/observe/health/ready?data=full&exposureLevel=full"))
                .contains("does not act with a majority");
        nodes.node(1).start();
        nodes.awaitWhole(2);
        nodes.awaitStream();
    }
}
