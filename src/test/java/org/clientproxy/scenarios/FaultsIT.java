package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import org.clientproxy.loopback.XmppServer;
import org.clientproxy.servers.EjabberdServer;
import org.clientproxy.servers.ProsodyServer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The most important rows of docs/reliability.md; {@link Faults} makes all of them. */
class FaultsIT {
    @ParameterizedTest
    @EnumSource(names = {"RESET", "STOPPED", "WORKER_KILLED"})
    void onProsody(Fault fault) throws Exception {
        Installed.require(ProsodyServer.isInstalled(), "Prosody");
        assertAnsweredOnce(new ProsodyServer(ProxyScenarios.ACCOUNTS), fault);
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVER_DOES_NOT_READ"})
    void onEjabberd(Fault fault) throws Exception {
        Installed.require(EjabberdServer.isInstalled(), "ejabberd");
        assertAnsweredOnce(new EjabberdServer(ProxyScenarios.ACCOUNTS), fault);
    }

    private static void assertAnsweredOnce(XmppServer server, Fault fault) throws Exception {
        try (FaultRun run = new FaultRun(server, fault)) {
            String row = run.run();
            assertThat(run.proxy.isAlive()).as(row).isTrue();
            assertThat(run.sum(FaultLoad::doubled)).as(row).isZero();
            assertThat(run.sum(FaultLoad::forged)).as(row).isZero();
            // What the server was writing, or we were, at the moment of the break is lost; on a busy machine that takes
            // a while.
            assertThat(run.sum(FaultLoad::unanswered)).as(row).isLessThanOrEqualTo(FaultRun.RATE);
        }
    }
}
