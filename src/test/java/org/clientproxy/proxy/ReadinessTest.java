package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clientproxy.proxy.ProxyFixture.A;
import static org.clientproxy.proxy.ProxyFixture.B;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.clientproxy.proxy.settings.PoolKeys;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Jid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator is told of a proxy that can serve nobody: the reason, and what to do. */
class ReadinessTest {
    @TempDir
    Path dataDir;

    private ProxyFixture proxy;

    @AfterEach
    void stop() {
        proxy.close();
    }

    private String trouble() {
        var trouble = proxy.proxy.trouble().toCompletableFuture();
        proxy.loop.runDue();
        return trouble.getNow("not on the loop");
    }

    @Test
    void namesEachStepFromTheStreamToAResource() throws Exception {
        proxy = ProxyFixture.start(dataDir);
        assertThat(trouble()).contains("there is no stream to the server");
        proxy.stream().become(StreamState.READY);
        assertThat(trouble())
                .contains("worker@some.example has not said yet whether proxy.example may see its presence")
                .contains("ejabberdctl add_rosteritem worker some.example \"\" proxy.example");
        proxy.receive("<presence from='worker@some.example' to='proxy.example' type='unsubscribed'/>");
        assertThat(trouble())
                .startsWith("worker@some.example does not let proxy.example see its presence; let its server say so");
        proxy.receive("<presence from='worker@some.example' to='proxy.example' type='error'>"
                + "<error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>");
        assertThat(trouble()).contains("the server of worker@some.example answers with an error");
        proxy.pass(Duration.ofMinutes(3));
        proxy.ready();
        assertThat(trouble())
                .startsWith("no session of worker@some.example is there to answer; start an implementing client");
        proxy.comes(A);
        assertThat(trouble()).isNull();
        proxy.leaves(A);
        assertThat(trouble()).contains("no session of worker@some.example is there");
    }

    @Test
    void namesWhatKeepsThoseWhoAreThereFromRequests() throws Exception {
        proxy = ProxyFixture.start(dataDir).ready(A, B);
        proxy.proxy.pause();
        assertThat(trouble()).contains("as an operator wishes; resume the proxy");
        proxy.proxy.resume();
        proxy.proxy.retire(Jid.parse(A));
        proxy.loop.runDue();
        assertThat(trouble()).isNull();
        proxy.proxy.retire(Jid.parse(B));
        assertThat(trouble()).isEqualTo("of the sessions that are there none can be chosen: 2 retired (restore them)");
        proxy.proxy.restore(Jid.parse(B));
        assertThat(trouble()).isNull();
    }

    @Test
    void namesTheKeyThatLeavesOutWhoIsThere() throws Exception {
        proxy = ProxyFixture.start(dataDir, settings -> settings.with(PoolKeys.RESOURCES, List.of("web-*")))
                .ready(A);
        proxy.receive("<presence from='worker@some.example' to='proxy.example' type='unavailable'/>");
        assertThat(trouble()).contains("none that came so far matches proxy.resources");
    }

    @Test
    void saysHowSessionsRegisterWithoutASubscription() throws Exception {
        proxy = ProxyFixture.start(dataDir, settings -> settings.with(PoolKeys.SUBSCRIBE, false));
        proxy.stream().become(StreamState.READY);
        assertThat(trouble()).contains("which logs in to it and sends its presence to proxy.example");
    }
}
