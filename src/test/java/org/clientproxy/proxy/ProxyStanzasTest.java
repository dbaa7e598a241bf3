package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clientproxy.proxy.ProxyFixture.A;
import static org.clientproxy.proxy.ProxyFixture.ALICE;

import java.nio.file.Path;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaError.Condition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each kind of stanza from the server leads to, but for the requests that are proxied. */
class ProxyStanzasTest {
    private static final String ERROR =
            "<error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";

    @TempDir
    Path dataDir;

    private ProxyFixture proxy;

    @BeforeEach
    void start() throws Exception {
        proxy = ProxyFixture.start(dataDir).ready(A);
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<iq type='result' id='1' from='%s' to='proxy.example'/>",
                "<iq type='error' id='1' from='%s' to='proxy.example'>" + ERROR + "</iq>",
                "<iq type='error' id='1' from='%s' to='proxy.example'/>",
                "<iq type='result' id='1' from='%s' to='proxy.example/AAAA'/>",
                "<iq type='query' id='1' from='%s' to='proxy.example'><q xmlns='urn:q'/></iq>",
                "<iq id='1' from='%s' to='proxy.example'><q xmlns='urn:q'/></iq>",
                "<iq type='get' from='%s' to='proxy.example'><q xmlns='urn:q'/></iq>",
                "<message type='error' from='%s' to='proxy.example'>" + ERROR + "</message>",
                "<message type='headline' from='%s' to='proxy.example'><body>x</body></message>",
                "<message type='groupchat' from='%s' to='proxy.example'><body>x</body></message>",
                "<presence from='%s' to='proxy.example'/>",
                "<presence type='unavailable' from='%s' to='proxy.example'/>",
                "<presence type='error' from='%s' to='proxy.example'>" + ERROR + "</presence>",
                "<presence type='probe' from='%s' to='proxy.example'/>",
                "<presence type='subscribed' from='%s' to='proxy.example'/>",
                "<presence type='unsubscribed' from='%s' to='proxy.example'/>",
                "<presence type='unsubscribe' from='%s' to='proxy.example'/>"
            })
    void isSilentAt(String stanza) {
        proxy.receive(String.format(stanza, ALICE));
        assertThat(proxy.stream().takeSent()).isEmpty();
        assertThat(proxy.proxy.pendingRequests()).isZero();
        // The pool is as it was.
        proxy.get(ALICE, "after");
        assertThat(proxy.onlySent().to()).isEqualTo(A);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<a xmlns='u'/><b xmlns='u'/>"})
    void refusesARequestWithoutExactlyOneChild(String content) {
        for (String type : new String[] {"get", "set"}) {
            proxy.receive(
                    "<iq type='" + type + "' id='1' from='" + ALICE + "' to='n@proxy.example/r'>" + content + "</iq>");
            Stanza answer = proxy.onlySent();
            ProxyRequestsTest.assertError(answer, Condition.BAD_REQUEST, StanzaError.Type.MODIFY);
            assertThat(answer.from()).isEqualTo("n@proxy.example/r");
            assertThat(answer.to()).isEqualTo(ALICE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " type='chat'", " type='normal'", " type='nonsense'"})
    void refusesMessages(String type) {
        proxy.receive("<message id='m'" + type + " from='" + ALICE + "' to='proxy.example'><body>hi</body></message>");
        Stanza answer = proxy.onlySent();
        assertThat(answer.kind()).isEqualTo(Stanza.Kind.MESSAGE);
        assertThat(answer.id()).isEqualTo("m");
        ProxyRequestsTest.assertError(answer, Condition.FEATURE_NOT_IMPLEMENTED, StanzaError.Type.CANCEL);
    }

    /** Whatever of ours it is about: the target's server, or the target, cannot be reached. */
    @Test
    void anErrorOfTheTargetMeansThatNobodyIsThere() {
        proxy.receive("<presence type='error' from='worker@some.example' to='proxy.example'>" + ERROR + "</presence>");
        proxy.get(ALICE, "1");
        ProxyRequestsTest.assertError(proxy.onlySent(), Condition.SERVICE_UNAVAILABLE, StanzaError.Type.CANCEL);
    }

    @Test
    void deniesSubscriptionsOfStrangers() {
        proxy.receive("<presence type='subscribe' from='alice@some.example' to='proxy.example'/>");
        assertThat(proxy.sentPresences()).singleElement().satisfies(denial -> {
            assertThat(denial.type()).isEqualTo("unsubscribed");
            assertThat(denial.to()).isEqualTo("alice@some.example");
            assertThat(denial.from()).isEqualTo("proxy.example");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<presence%s to='proxy.example/x'/>",
                "<presence%s to='proxy.example/TOKEN'/>",
                "<presence%s to='bob\\40some.example@proxy.example'/>",
                "<presence%s to='bob\\40some.example@proxy.example/x'/>",
                "<presence%s type='unavailable' to='proxy.example/TOKEN'/>",
                "<presence%s type='unavailable' to='bob\\40some.example@proxy.example'/>",
                "<presence%s type='error' to='proxy.example/TOKEN'>" + ERROR + "</presence>",
                "<presence%s type='probe' to='proxy.example/TOKEN'/>",
                "<presence%s type='unsubscribed' to='bob\\40some.example@proxy.example'/>",
                "<presence%s type='subscribed' to='bob\\40some.example@proxy.example'/>"
            })
    void takesNoPresenceForThePoolThatIsToSomebodyElse(String presence) {
        proxy.get(ALICE, "0");
        String token = proxy.onlySent().from().substring("proxy.example/".length());
        for (String from : new String[] {A, "worker@some.example/new", "worker@some.example"}) {
            proxy.receive(String.format(presence, " from='" + from + "'").replace("TOKEN", token));
            assertThat(proxy.stream().takeSent()).isEmpty();
            for (int i = 0; i < 3; i++) {
                proxy.get(ALICE, from + i);
                assertThat(proxy.onlySent().to()).isEqualTo(A);
            }
        }
    }

    @Test
    void takesTheEndOfTheSubscriptionThatIsSaidToAnAddressOfOurs() {
        // ejabberd ends the subscription of the bare address, and passes the address on as it was typed.
        proxy.receive("<presence type='unsubscribed' from='worker@some.example' to='proxy.example/x'/>");
        proxy.get(ALICE, "1");
        ProxyRequestsTest.assertError(proxy.onlySent(), Condition.SERVICE_UNAVAILABLE, StanzaError.Type.CANCEL);
    }

    @Test
    void deniesTheTargetWhatItDeniesAll() {
        proxy.receive("<presence type='subscribe' from='worker@some.example' to='bob\\40some.example@proxy.example'/>");
        assertThat(proxy.sentPresences()).singleElement().satisfies(denial -> {
            assertThat(denial.type()).isEqualTo("unsubscribed");
            assertThat(denial.from()).isEqualTo("bob\\40some.example@proxy.example");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"AQAFYUBiLmN4eHh4eHh4eHh4eHh4eHh4eHg", "AgAFYUBiLmN4eHh4eHh4eHh4eHh4eHh4eHg"})
    void refusesTheTargetsRequestsToTokensThatItDoesNotKnow(String token) {
        proxy.comes(ProxyFixture.B);
        for (String from : new String[] {A, "worker@some.example/notThere"}) {
            proxy.receive(
                    "<iq type='set' id='1' from='" + from + "' to='proxy.example/" + token + "'><q xmlns='u'/></iq>");
            Stanza answer = proxy.onlySent();
            ProxyRequestsTest.assertError(answer, Condition.ITEM_NOT_FOUND, StanzaError.Type.CANCEL);
            assertThat(ModelReply.application(answer)).isEqualTo("unknown-token");
            assertThat(answer.from()).isEqualTo("proxy.example/" + token);
        }
        for (String other :
                new String[] {token.substring(0, 20), token + "=", 'B' + token.substring(1), "n@" + token}) {
            // No token by its form: a form of the proxy host.
            String to = other.startsWith("n@") ? "n@proxy.example/" + token : "proxy.example/" + other;
            proxy.receive("<iq type='set' id='1' from='" + A + "' to='" + to + "'><q xmlns='u'/></iq>");
            assertThat(proxy.onlySent().to()).isEqualTo(ProxyFixture.B);
        }
        proxy.receive(
                "<iq type='set' id='1' from='" + ALICE + "' to='proxy.example/" + token + "'><q xmlns='u'/></iq>");
        assertThat(proxy.onlySent().to()).startsWith("worker@some.example/");
    }

    @Test
    void refusesTheTargetsRequestsToSomebodyByName() {
        proxy.comes(ProxyFixture.B);
        for (String to :
                new String[] {"alice\\40some.example@proxy.example", "alice\\40some.example@proxy.example/home"}) {
            proxy.receive("<iq type='get' id='1' from='" + A + "' to='" + to + "'><q xmlns='u'/></iq>");
            Stanza answer = proxy.onlySent();
            ProxyRequestsTest.assertError(answer, Condition.FORBIDDEN, StanzaError.Type.AUTH);
            assertThat(ModelReply.application(answer)).isEqualTo("not-reachable");
            proxy.receive("<iq type='get' id='1' from='" + ALICE + "' to='" + to + "'><q xmlns='u'/></iq>");
            assertThat(proxy.onlySent().to()).startsWith("worker@some.example/");
        }
    }

    @Test
    void proxiesRequestsToATokenThatIsNoneOrOfAStranger() {
        proxy.get(ALICE, "1");
        Stanza forwarded = proxy.onlySent();
        proxy.result(forwarded);
        proxy.sent();
        proxy.receive(
                "<iq type='get' id='2' from='" + ALICE + "' to='" + forwarded.from() + "'><q xmlns='urn:q'/></iq>");
        Stanza second = proxy.onlySent();
        assertThat(second.to()).isEqualTo(A);
        proxy.result(second);
        assertThat(proxy.onlySent().from()).isEqualTo(forwarded.from());
        proxy.receive("<iq type='get' id='3' from='" + ALICE + "' to='proxy.example/nonsense'><q xmlns='urn:q'/></iq>");
        assertThat(proxy.onlySent().to()).isEqualTo(A);
    }
}
