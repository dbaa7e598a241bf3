package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.loopback.SecondComponent;
import org.clientproxy.loopback.XmppServer;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clusters that are not three equal nodes, of which none is asked anything of the server but what three ask: on the loopback server. */
class NodeSetUpsTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private XmppServer server;
    private final List<AutoCloseable> opened = new ArrayList<>();
    private NodeProcesses nodes;

    @BeforeEach
    void start() throws Exception {
        server = ClusterFaults.server("loopback");
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
        nodes.awaitStreams();
    }

    private PendingWork work() throws Exception {
        PendingWork work = new PendingWork(server);
        opened.add(work);
        return work;
    }

    private RawClient login(String user) throws Exception {
        RawClient client = RawClient.login(server, user, "pw", "here");
        opened.add(client);
        return client;
    }

    private void anotherAnswersAfterTheKillOf(int number, PendingWork pending, String prefix) throws Exception {
        List<Stanza> work = pending.ask(prefix);
        nodes.node(number).kill();
        nodes.awaitStreamElsewhere(number);
        pending.reply(work);
        pending.awaitResults(prefix);
    }

    /** Two that serve and a witness: whichever is gone, the other two are a majority. */
    @Test
    void aWitnessKeepsTheCopiesAndVotesForTheOther() throws Exception {
        cluster(
                3,
                number -> Map.of("PROXY_REPLY_TIMEOUT", "2m", "PROXY_CLUSTER_STREAMS", number == 3 ? "none" : "one"));
        PendingWork pending = work();
        int holder = nodes.awaitStream();
        anotherAnswersAfterTheKillOf(holder, pending, "witness");
        assertThat(nodes.withStream()).as("no witness serves").isEqualTo(3 - holder);
        nodes.bringBack();
        List<Stanza> work = pending.ask("again");
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
        anotherAnswersAfterTheKillOf(1, pending, "one-of-two");
        nodes.bringBack();
        anotherAnswersAfterTheKillOf(2, pending, "two-again");
        pending.assertNoMore();
    }

    /** Two alone: the one goes on though the other's process has not ended, which stands still and serves with it when it comes back. */
    @Test
    void oneOfTwoGoesOnWhateverBecameOfTheOtherWhereItIsToldToContinue() throws Exception {
        cluster(2, number -> Map.of("PROXY_REPLY_TIMEOUT", "2m", "PROXY_CLUSTER_LONE", "continue"));
        PendingWork pending = work();
        int holder = nodes.awaitStream();
        List<Stanza> work = pending.ask("alone");
        nodes.node(holder).signal("STOP");
        nodes.awaitStreamElsewhere(holder);
        pending.reply(work);
        pending.awaitResults("alone");
        nodes.node(holder).signal("CONT");
        nodes.awaitWhole(2);
        nodes.awaitAgreedStream();
        pending.reply(pending.ask("together"));
        pending.awaitResults("together");
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
        nodes.bringBack();
        nodes.awaitStream();
    }

    /** With a stream at each of two, one reads who comes and tells the other. */
    @Test
    void whatWaitsAtEachNodeIsForwardedWhenSomebodyComes() throws Exception {
        ((LoopbackServer) server).secondComponent(SecondComponent.SHARES);
        cluster(2, number -> Map.of("PROXY_CLUSTER_STREAMS", "all", "PROXY_QUEUE_TIMEOUT", "1m"));
        RawClient alice = login("alice");
        // That one of two gets none of 20 happens once in half a million runs.
        for (int i = 0; i < 20; i++) {
            alice.send("<iq type='get' id='" + i + "' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
        }
        RawClient worker = login("worker");
        worker.send("<presence/>");
        List<Stanza> work = new ArrayList<>();
        while (work.size() < 20) {
            work.add(worker.await("request", PendingWork::isWork));
        }
        assertThat(PendingWork.owners(work)).isEqualTo(Set.of(1, 2));
    }
}
