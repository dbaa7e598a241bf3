package org.clientproxy.check;

import io.netty.channel.EventLoop;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.stream.StreamSettings;
import org.clientproxy.stream.TrialStream;

/** Everything that is looked at for one proxy, in the order in which a start needs it. One use, on one thread. */
final class ProxyCheck {
    private final ProxySettings settings;
    private final Optional<ManagementAddress> management;
    private final EventLoop eventLoop;
    private final Limits limits;
    private final List<Finding> findings = new ArrayList<>();

    ProxyCheck(
            ProxySettings settings, Optional<ManagementAddress> management, EventLoop eventLoop, Limits limits) {
        this.settings = settings;
        this.management = management;
        this.eventLoop = eventLoop;
        this.limits = limits;
    }

    List<Finding> run() throws InterruptedException {
        findings.add(Finding.ok(Matter.CONFIGURATION, settings.domain() + " for " + settings.target()));
        findings.add(NamedRoutes.check(settings));
        findings.addAll(new DataDirectory(settings).check());
        RunningInstance running = RunningInstance.find(settings, management);
        findings.add(running.finding());
        if (management.isPresent()) {
            findings.add(ManagementPort.check(management.get(), running.mayBe()));
        }
        StreamSettings stream;
        try {
            stream = TrialSettings.of(settings, limits.connect());
        } catch (IllegalArgumentException | GeneralSecurityException | IOException e) {
            findings.add(Finding.wrong(Matter.CONFIGURATION, String.valueOf(e.getMessage())));
            return findings;
        }
        boolean reachable = reach(stream);
        if (running.mayBe()) {
            findings.addAll(running.described());
        } else if (reachable) {
            connect(stream);
        } else {
            skip("the server is not reached", Matter.DOMAIN, Matter.SECRET, Matter.ROSTER, Matter.SESSIONS, Matter.CLOCK);
        }
        return findings;
    }

    private boolean reach(StreamSettings stream) throws InterruptedException {
        NameLookUp server = NameLookUp.of(stream, limits.lookUp());
        findings.add(server.finding());
        if (server.addresses().isEmpty()) {
            skip("there is no address", Matter.CONNECTION, Matter.TLS);
            return false;
        }
        Reachability reachability = Reachability.of(server.addresses(), stream, eventLoop);
        findings.addAll(reachability.findings());
        OwnCertificate.of(settings).ifPresent(findings::add);
        return reachability.isReachable();
    }

    private void connect(StreamSettings settingsOfStream) throws InterruptedException {
        TrialStream stream = new TrialStream(settingsOfStream, eventLoop);
        Dialogue dialogue = new Dialogue(settings.domain(), stream);
        TrialStream.Outcome outcome = stream.open(limits.admission(), dialogue).join();
        findings.addAll(Admission.of(outcome, settingsOfStream.domain()));
        if (outcome.ready()) {
            findings.addAll(TargetCheck.of(dialogue, settings, limits));
            findings.add(ServerClock.check(dialogue, settings, limits));
            close(stream);
            if (dialogue.refused() > 0) {
                findings.add(Finding.warning(
                        Matter.DOMAIN,
                        dialogue.refused() + " requests came to this check, and got recipient-unavailable. Another"
                                + " connection of the domain may be open: where the server takes several, it has divided the"
                                + " requests between them"));
            }
        } else {
            skip("the server did not take the component", Matter.ROSTER, Matter.SESSIONS, Matter.CLOCK);
        }
    }

    private static void close(TrialStream stream) throws InterruptedException {
        try {
            stream.close().get(Duration.ofSeconds(4).toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // The end of the process closes it.
            return;
        }
    }

    private void skip(String why, Matter... matters) {
        for (Matter matter : matters) {
            findings.add(Finding.skipped(matter, why));
        }
    }
}
