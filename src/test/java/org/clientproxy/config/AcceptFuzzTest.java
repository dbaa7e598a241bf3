package org.clientproxy.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.clientproxy.fuzz.Mutations;
import org.clientproxy.proxy.ModelReply;
import org.clientproxy.proxy.ProxyFixture;
import org.clientproxy.proxy.SettingsBuilder;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** {@code proxy.accept} under hostile requests: each is passed on or answered, once, and costs as much as it is long. */
class AcceptFuzzTest {
    private static final String A = ProxyFixture.A;
    private static final String XPATH =
            "/*[@type='get' and count(//*[local-name()='b'])=0 and not(//@*[local-name()='evil'])]";

    @Test
    void everyRequestIsPassedOnOrAnsweredOnce(@TempDir Path dataDir) throws Exception {
        long seed = Long.getLong("seed", 1);
        Mutations mutations = Mutations.of("stanzas", new Random(seed));
        Logger log = (Logger) LoggerFactory.getLogger("org.clientproxy");
        Level level = log.getLevel();
        log.setLevel(Level.OFF);
        int seen = 0;
        int passed = 0;
        try (ProxyFixture proxy = ProxyFixture.start(
                dataDir, settings -> new SettingsBuilder(settings).accept(XPATH).build())) {
            proxy.ready(A);
            for (int run = 0; run < Integer.getInteger("fuzz.runs", 5_000); run++) {
                byte[] octets = mutations.next();
                Stanza stanza = request(octets);
                if (stanza == null) {
                    continue;
                }
                seen++;
                proxy.stream().receive(stanza);
                List<Stanza> sent = proxy.sent();
                String where = "-Dseed=" + seed + ", run " + run + ": " + new String(octets, UTF_8);
                assertThat(sent).as(where).hasSize(1);
                if (sent.get(0).isRequest()) {
                    passed++;
                    proxy.result(sent.get(0));
                    sent = proxy.sent();
                    assertThat(sent).as(where).hasSize(1);
                } else {
                    assertThat(ModelReply.application(sent.get(0))).as(where).isIn("not-accepted", "malformed-request");
                }
                assertThat(sent.get(0).to()).as(where).isEqualTo(stanza.from());
                assertThat(sent.get(0).id()).as(where).isEqualTo(stanza.id());
                assertThat(proxy.proxy.pendingRequests()).as(where).isZero();
            }
        } finally {
            log.setLevel(level);
        }
        assertThat(passed).isBetween(1, seen - 1);
    }

    /** The octets as a request to the proxy with one child; null where they are none. */
    private static Stanza request(byte[] octets) {
        try {
            Stanza stanza = StanzaXml.parse(octets);
            boolean request = stanza.isRequest() && stanza.id() != null && stanza.children() == 1;
            return request
                    ? stanza.readdressed(Jid.parse("a@b.example/c"), Jid.parse("proxy.example"), stanza.id())
                    : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
