package org.clientproxy.proxy;

import static org.clientproxy.proxy.ProxyFixture.A;
import static org.clientproxy.proxy.ProxyFixture.ALICE;
import static org.clientproxy.proxy.ProxyRequestsTest.assertError;

import java.nio.file.Path;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaError.Condition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An error of the target's account empties the pool, also while we are not subscribed and await no answer. */
class TargetErrorTest {
    @Test
    void aDirectedPresenceAfterADenialDoesNotOutliveAnErrorOfTheAccount(@TempDir Path dataDir) throws Exception {
        try (ProxyFixture proxy = ProxyFixture.start(dataDir)) {
            proxy.ready(A);
            proxy.receive("<presence type='unsubscribed' from='worker@some.example' to='proxy.example'/>");
            proxy.comes(A);
            proxy.receive("<presence type='error' from='worker@some.example' to='proxy.example'/>");
            proxy.sent();
            proxy.get(ALICE, "1");
            assertError(proxy.onlySent(), Condition.SERVICE_UNAVAILABLE, StanzaError.Type.CANCEL);
        }
    }
}
