package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import org.clientproxy.loopback.XmppServer;
import org.junit.jupiter.api.Test;

/** One fault of each kind under load; {@link ClusterFaults} runs many. */
class ClusterFaultsIT {
    private static final int RATE = 100;

    @Test
    void noAnswerIsDoubledForgedOrLostWhateverBecomesOfOneNode() throws Exception {
        try (XmppServer server = ClusterRun.prepared(ClusterFaults.server("loopback"));
                NodeProcesses nodes = ClusterFaults.nodes(server);
                ClusterRun run = new ClusterRun(server, nodes, Long.getLong("seed", 4711), RATE)) {
            run.begin();
            run.run(0);
            run.finish();
            String row = run.row("loopback");
            assertThat(run.load.doubled()).as(row).isZero();
            assertThat(run.load.forged()).as(row).isZero();
            assertThat(run.lostAnswersWithoutFault()).as(row).isEmpty();
            assertThat(run.neverForwardedWithoutFault()).as(row).isEmpty();
            // Those whose answers were about to be written when their node was killed.
            assertThat(run.lostAnswers()).as(row).hasSizeLessThanOrEqualTo(run.perhapsUnwritten());
        }
    }
}
