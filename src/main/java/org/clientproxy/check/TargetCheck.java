package org.clientproxy.check;

import java.util.List;
import org.clientproxy.proxy.settings.ProxySettings;

/** Whether the target's roster and sessions are as a proxy needs them. */
final class TargetCheck {
    private TargetCheck() {}

    static List<Finding> of(Dialogue dialogue, ProxySettings settings, Limits limits) throws InterruptedException {
        if (!settings.subscribe()) {
            return List.of(
                    Finding.skipped(Matter.ROSTER, "proxy.subscribe=off, so none is needed"),
                    Finding.skipped(
                            Matter.SESSIONS,
                            "proxy.subscribe=off, so each session registers by presence that it sends to " + settings.domain()
                                    + ", and only the running proxy knows which have; its log and its status page say so"));
        }
        RosterEntry roster = new RosterEntry(dialogue, settings, limits);
        RosterEntry.Knowledge known = roster.ask();
        if (known == RosterEntry.Knowledge.OUT_OF_REACH) {
            return unseen(roster.outOfReach());
        } else if (known == RosterEntry.Knowledge.NOT_THERE) {
            return unseen(roster.notThere());
        }
        Sessions sessions = new Sessions(settings).probe(dialogue, limits);
        // Where nothing was known, silence means that there is no entry, or nobody.
        return sessions.isRefused() || known == RosterEntry.Knowledge.UNKNOWN && !sessions.isAnyThere()
                ? unseen(roster.notThere())
                : List.of(roster.there(), sessions.finding());
    }

    private static List<Finding> unseen(Finding roster) {
        return List.of(roster, Finding.skipped(Matter.SESSIONS, "without the roster entry they are not seen"));
    }
}
