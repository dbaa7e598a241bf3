package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.impl.DefaultCamelContext;
import org.clientproxy.component.ConsumerControl;
import org.clientproxy.component.StreamUse;
import org.clientproxy.component.XmppComponent;
import org.clientproxy.component.XmppComponentEndpoint;
import org.clientproxy.proxy.pending.Ending;
import org.clientproxy.proxy.pending.PendingRequest;
import org.clientproxy.proxy.routes.Standstill;
import org.clientproxy.stream.SimulatedLoop;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What waits while a proxy stands still, and in which order it goes on. */
class StandstillTest {
    private static final Stanza PRESENCE =
            Stanza.of(Stanza.Kind.PRESENCE, null, null, ProxyFixture.A, ProxyFixture.PROXY, "");
    private static final Stanza REQUEST =
            Stanza.of(Stanza.Kind.IQ, "get", "1", ProxyFixture.ALICE, ProxyFixture.PROXY, "");

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final SimulatedLoop loop = new SimulatedLoop();
    private final InMemoryStream[] streams = new InMemoryStream[1];
    private final List<String> seen = new ArrayList<>();
    private final PendingRequest pending = new PendingRequest(REQUEST, REQUEST.fromJid(), 0, 1);
    private Standstill standstill;

    @BeforeEach
    void open() throws Exception {
        XmppComponent component = new XmppComponent();
        component.setStreamFactory(settings -> streams[0] = new InMemoryStream(settings, loop));
        context.addComponent("xmpp-component", component);
        context.start();
        StreamUse use = context.getEndpoint("xmpp-component:proxy.example?secret=secret", XmppComponentEndpoint.class)
                .use();
        use.control(new Unattended());
        use.open();
        standstill = new Standstill(use, (ended, ending) -> seen.add(ending.name()));
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void nothingWaitsBefore() {
        standstill.end(pending, Ending.EXPIRED);
        streams[0].receive(PRESENCE);
        assertThat(seen).containsExactly("EXPIRED", "presence");
        assertThat(standstill.isEntered()).isFalse();
    }

    @Test
    void endingsGoOnBeforeStanzasAndEachOnce() throws Exception {
        try (Standstill.Entered entered = standstill.enter()) {
            loop.runDue();
            assertThat(entered.await(1)).isTrue();
            assertThat(standstill.isEntered()).isTrue();
            streams[0].receive(PRESENCE);
            standstill.end(pending, Ending.EXPIRED);
            standstill.end(pending, Ending.STOPPED);
            assertThat(seen).isEmpty();
        }
        loop.runDue();
        assertThat(seen).containsExactly("EXPIRED", "presence");
        assertThat(standstill.isEntered()).isFalse();
    }

    @Test
    void aBusyLoopThatGetsToItLaterHoldsNothing() throws Exception {
        try (Standstill.Entered entered = standstill.enter()) {
            assertThat(entered.await(0)).isFalse();
        }
        loop.runDue();
        nothingWaitsBefore();
    }

    @Test
    void itCanBeEnteredAgain() throws Exception {
        endingsGoOnBeforeStanzasAndEachOnce();
        seen.clear();
        endingsGoOnBeforeStanzasAndEachOnce();
    }

    private final class Unattended implements ConsumerControl {
        @Override
        public StanzaError refusal(Stanza request) {
            return null;
        }

        @Override
        public void unattended(Stanza stanza) {
            seen.add(stanza.kind().name().toLowerCase(Locale.ROOT));
        }

        @Override
        public boolean deferShutdown(ShutdownRunningTask task) {
            return false;
        }

        @Override
        public int getPendingExchangesSize() {
            return 0;
        }

        @Override
        public void prepareShutdown(boolean suspendOnly, boolean forced) {
            // There is nothing to stop.
        }
    }
}
