package org.clientproxy.check;

import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.clientproxy.stream.ServerTrial;
import org.clientproxy.stream.ServerTrial.Outcome;
import org.clientproxy.stream.StreamSettings;

/** Whether the server's addresses take connections, and speak TLS where that is asked for: all of them, side by side. */
final class Reachability {
    private final StreamSettings settings;
    private final boolean local;
    private final List<Outcome> connected;
    private final List<Outcome> refused;
    private final List<Outcome> withTls;

    private Reachability(StreamSettings settings, boolean local, List<Outcome> outcomes) {
        this.settings = settings;
        this.local = local;
        this.connected = outcomes.stream()
                .filter(each -> each.unreachable() == null)
                .toList();
        this.refused = outcomes.stream()
                .filter(each -> each.unreachable() != null)
                .toList();
        this.withTls = connected.stream().filter(each -> each.noTls() == null).toList();
    }

    static Reachability of(List<InetAddress> addresses, StreamSettings settings, EventLoop eventLoop) {
        List<Outcome> outcomes = addresses.stream()
                .map(each -> ServerTrial.of(each, settings, eventLoop))
                // All are begun before the first is awaited.
                .toList()
                .stream()
                .map(trial -> trial.join())
                .toList();
        return new Reachability(settings, addresses.stream().allMatch(InetAddress::isLoopbackAddress), outcomes);
    }

    /** Whether there is an address at which a stream can be opened. */
    boolean isReachable() {
        return !withTls.isEmpty();
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        findings.add(connection());
        if (settings.sslContext() == null) {
            findings.add(Finding.skipped(Matter.TLS, "xmpp.tls=off"
                    + (local ? "" : ", so whoever is between here and the server can read and change what passes")));
        } else if (connected.isEmpty()) {
            findings.add(Finding.skipped(Matter.TLS, "there is no connection"));
        } else {
            tls(findings);
        }
        return findings;
    }

    private Finding connection() {
        String not = refused.stream()
                .map(each -> each.address() + ": " + each.unreachable())
                .collect(Collectors.joining("; "));
        if (connected.isEmpty()) {
            return Finding.wrong(
                    Matter.CONNECTION,
                    not + ". Is the server running, does it listen for components there (xmpp.host, xmpp.port), and does no"
                            + " firewall stand between?");
        }
        String taken = connected.stream().map(Outcome::address).collect(Collectors.joining(", ")) + " took it";
        if (refused.isEmpty()) {
            return Finding.ok(Matter.CONNECTION, taken);
        }
        // Servers often listen on one of the two addresses that localhost has.
        return local
                ? Finding.ok(Matter.CONNECTION, taken + " (and not " + not + ")")
                : Finding.warning(
                        Matter.CONNECTION,
                        taken + ", but not " + not + ". Mend the server there, or take that address out of the name");
    }

    private void tls(List<Finding> findings) {
        for (Outcome each : connected) {
            String noTls = each.noTls();
            if (noTls != null) {
                String text = each.address() + ": " + noTls;
                findings.add(withTls.isEmpty() ? Finding.wrong(Matter.TLS, text) : Finding.warning(Matter.TLS, text));
            }
        }
        List<Finding> certificates = withTls.stream()
                .map(each -> CertificateDates.ofServer(each.chain(), settings.verifyHost()))
                .distinct()
                .toList();
        findings.addAll(certificates);
    }
}
