package org.clientproxy.check;

import java.util.List;
import org.clientproxy.stream.TrialStream.Outcome;
import org.clientproxy.xmpp.StreamError.Condition;
import org.jspecify.annotations.Nullable;

/** Whether the server has the component's domain and takes its secret, as the end of the handshake shows (XEP-0114 §3). */
final class Admission {
    private Admission() {}

    static List<Finding> of(Outcome outcome, String domain) {
        if (outcome.ready()) {
            return List.of(
                    Finding.ok(Matter.DOMAIN, "the server has the component " + domain),
                    Finding.ok(Matter.SECRET, "the server took it"));
        }
        String said = outcome.words();
        Condition condition = outcome.condition();
        if (condition == Condition.NOT_AUTHORIZED) {
            return List.of(
                    Finding.skipped(Matter.DOMAIN, "the secret comes first"), Finding.wrong(Matter.SECRET, said));
        } else if (condition == Condition.CONFLICT) {
            // Servers look at the secret first.
            return List.of(Finding.wrong(Matter.DOMAIN, said), Finding.ok(Matter.SECRET, "the server took it"));
        }
        return List.of(Finding.wrong(matter(condition), said), Finding.skipped(Matter.SECRET, "it was not asked for"));
    }

    private static Matter matter(@Nullable Condition condition) {
        return condition == Condition.HOST_UNKNOWN || condition == Condition.HOST_GONE
                ? Matter.DOMAIN
                : Matter.CONNECTION;
    }
}
