package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clientproxy.proxy.ProxyFixture.A;
import static org.clientproxy.proxy.ProxyFixture.ALICE;
import static org.clientproxy.proxy.ProxyFixture.B;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.clientproxy.proxy.stats.ProxyCounters;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaError.Condition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What old libraries send as an error reaches the requester as it is, and a bounce is seen in each of its forms. */
class OldErrorsTest {
    private static final String NS = " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'";

    @TempDir
    Path dataDir;

    private ProxyFixture proxy;

    @BeforeEach
    void start() throws Exception {
        proxy = ProxyFixture.start(dataDir).ready(A, B);
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    private void reply(Stanza forwarded, String content) {
        proxy.receive("<iq type='error' id='" + forwarded.id() + "' from='" + forwarded.to() + "' to='"
                + forwarded.from() + "'>" + content.replace("@", NS) + "</iq>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<error type='cancel' code='404'>Not Found<item-not-found@/></error>",
                "text <error type='cancel'><item-not-found@/></error> and text",
                "<error code='404'>Not Found</error>",
                "<error/>",
                "<error code='401'/>",
                "<error type='auth'/>",
                "<error type='none-of-them'><none-of-them@/></error>",
                "<error type='cancel'><condition xmlns='urn:unknown'><deep/></condition></error>",
                "<error type='cancel'><a xmlns='u'/><item-not-found@/><b xmlns='u'/><conflict@/></error>",
                "<query xmlns='urn:example:q'/><error type='cancel'><item-not-found@/></error>",
                "<error type='cancel'><item-not-found@/></error><query xmlns='urn:example:q'/><more xmlns='u'/>",
                "<error type='modify'><![CDATA[a < b]]><bad-request@/><text@>&lt;&#233;&quot;</text></error>",
                "<error type='cancel'><gone@>xmpp:a@b</gone><text@>one <b xmlns='u'>two</b></text><text@/></error>",
                "<error xmlns='jabber:client' type='cancel'><item-not-found@/></error>",
                "<error xmlns='urn:of-their-own' what='ever'/>",
                "<xmlns xmlns='urn:q'/><error type='cancel'/>",
                "<error type='cancel'/><error type='wait'/>"
            })
    void reachesTheRequesterUnchanged(String content) {
        proxy.get(ALICE, "1");
        reply(proxy.onlySent(), content);
        Stanza answer = proxy.onlySent();
        assertThat(new String(answer.content(), StandardCharsets.UTF_8)).isEqualTo(content.replace("@", NS));
        assertThat(answer.type()).isEqualTo("error");
        assertThat(answer.to()).isEqualTo(ALICE);
        assertThat(proxy.proxy.counters().outcomes(ProxyCounters.Outcome.ERROR)).isOne();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "text", "<item-not-found@/>", "<q xmlns='u'><error/></q>"})
    void isReplacedWhereThereIsNoErrorAtAll(String content) {
        proxy.get(ALICE, "1");
        reply(proxy.onlySent(), content);
        Stanza answer = proxy.onlySent();
        ProxyRequestsTest.assertError(answer, Condition.INTERNAL_SERVER_ERROR, StanzaError.Type.CANCEL);
        assertThat(StanzaXml.errorOf(answer).application().name()).isEqualTo("bad-reply");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<error code='503' type='cancel'/>",
                "<error code='503'>Service Unavailable</error>",
                "<error code='510'>Disconnected</error>",
                "<error code='404' type='wait'>Not Found</error>",
                "gone<error type='cancel'>gone<service-unavailable@/></error>gone",
                "<query xmlns='urn:example:q'/>\n<error type='wait'>\n<x xmlns='u'/><recipient-unavailable@/></error>"
            })
    void aBounceIsSeenInEachOfItsForms(String content) {
        proxy.get(ALICE, "1");
        Stanza first = proxy.onlySent();
        proxy.leaves(first.to());
        reply(first, content);
        Stanza second = proxy.onlySent();
        assertThat(second.to()).isNotEqualTo(first.to()).isNotEqualTo(ALICE);
        // The other one stays, so it is its own refusal, and passed on as it came.
        reply(second, content);
        assertThat(proxy.sent()).isEmpty();
        proxy.pass(Duration.ofMillis(250));
        assertThat(new String(proxy.onlySent().content(), StandardCharsets.UTF_8))
                .isEqualTo(content.replace("@", NS));
    }

    @Test
    void aCodeBesideAConditionIsNoBounce() {
        proxy.get(ALICE, "1");
        Stanza first = proxy.onlySent();
        proxy.leaves(first.to());
        reply(first, "<error code='503' type='cancel'><item-not-found@/></error>");
        assertThat(proxy.onlySent().to()).isEqualTo(ALICE);
    }
}
