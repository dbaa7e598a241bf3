package org.clientproxy.check;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.clientproxy.proxy.journal.StoreInspection;
import org.clientproxy.proxy.settings.ProxySettings;
import org.jspecify.annotations.Nullable;

/**
 * Whether this proxy is running already. Nobody connects in its place then, for a server may refuse the second connection, end
 * the first one, or divide the requests between both.
 */
final class RunningInstance {
    private static final Duration LIMIT = Duration.ofSeconds(3);
    private static final List<Matter> UNSEEN =
            List.of(Matter.DOMAIN, Matter.SECRET, Matter.ROSTER, Matter.SESSIONS, Matter.CLOCK);

    private final boolean locked;
    private final @Nullable IOException unknown;
    private final @Nullable InstanceStatus status;
    private final ProxySettings settings;

    private RunningInstance(
            ProxySettings settings, boolean locked, @Nullable IOException unknown, @Nullable InstanceStatus status) {
        this.settings = settings;
        this.locked = locked;
        this.unknown = unknown;
        this.status = status;
    }

    /** Looks for one by the lock of its directory, and by its management server. */
    static RunningInstance find(ProxySettings settings, Optional<ManagementAddress> management)
            throws InterruptedException {
        boolean locked = false;
        IOException unknown = null;
        try {
            locked = StoreInspection.isInUse(DataDirectory.pending(settings));
        } catch (IOException e) {
            unknown = e;
        }
        InstanceStatus status = management.isEmpty()
                ? null
                : InstanceStatus.ask(management.get(), settings, LIMIT).orElse(null);
        return new RunningInstance(settings, locked, unknown, status);
    }

    /** Whether there may be one. */
    boolean mayBe() {
        return locked || status != null || unknown != null;
    }

    Finding finding() {
        if (locked || status != null) {
            return Finding.ok(
                    Matter.RUNNING_INSTANCE,
                    "there is one" + (locked ? ", which has " + DataDirectory.pending(settings) + " open" : "")
                            + "; so this check does not connect as " + settings.domain());
        } else if (unknown != null) {
            return Finding.wrong(
                    Matter.RUNNING_INSTANCE,
                    "whether there is one cannot be seen (" + unknown
                            + "), so this check does not connect; run it as the user that runs the proxy");
        }
        return Finding.ok(Matter.RUNNING_INSTANCE, "there is none");
    }

    /** What is known of the things that only who connects can see. */
    List<Finding> described() {
        InstanceStatus said = status;
        if (said == null) {
            return UNSEEN.stream()
                    .map(matter -> Finding.skipped(
                            matter,
                            "the running instance is not disturbed; its log says how it is, and with"
                                    + " camel.management.enabled=true this check asks it"))
                    .toList();
        }
        boolean ready = said.state().equals("ready");
        String down = "the running instance is not connected"
                + (said.failure().isEmpty() ? "" : ": " + said.failure());
        return List.of(
                ready
                        ? Finding.ok(Matter.DOMAIN, "the running instance is connected")
                        : Finding.wrong(Matter.DOMAIN, down),
                ready
                        ? Finding.ok(Matter.SECRET, "the running instance is connected")
                        : Finding.skipped(Matter.SECRET, "the running instance is not connected"),
                said.sessions().isEmpty()
                        ? Finding.skipped(Matter.ROSTER, "the log of the running instance says whether there is one")
                        : Finding.ok(Matter.ROSTER, "the running instance sees who is there"),
                said.sessions().isEmpty()
                        ? Finding.wrong(
                                Matter.SESSIONS,
                                "the running instance knows no session of " + settings.target()
                                        + ". Start an implementing client; it must send its presence")
                        : Finding.ok(
                                Matter.SESSIONS,
                                said.sessions().size() + ", as the running instance says: "
                                        + said.sessions().stream().limit(10).collect(Collectors.joining(", "))),
                Finding.skipped(Matter.CLOCK, "the running instance is not disturbed"));
    }
}
