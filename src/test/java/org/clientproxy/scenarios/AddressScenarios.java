package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.Test;

/** Addresses that are spelled otherwise than servers prepare them: by the operator, and by people who log in. */
abstract class AddressScenarios extends OwnServerScenarios {
    static final Map<String, String> ACCOUNTS = new HashMap<>(ProxyScenarios.ACCOUNTS);

    static {
        ACCOUNTS.put("fussball", "pw");
    }

    /** Whether it lets people log in by each spelling that is prepared to their name. */
    boolean preparesNames() {
        return true;
    }

    /** The worker accepts the contact request by itself. */
    private void serve(Map<String, String> keys, String worker) throws Exception {
        open(RunningProxy.startReady(server, keys));
        open(Worker.join(server, "a", worker));
    }

    private RawClient client(String user) throws Exception {
        RawClient client = RawClient.login(server, user, "pw", "home");
        open(client);
        return client;
    }

    private void awaitAnswer(RawClient requester, String condition) {
        awaitAnswer(requester, "proxy.localhost", condition);
    }

    /** @param condition empty for a result */
    private void awaitAnswer(RawClient requester, String to, String condition) {
        int[] tries = new int[1];
        Awaitility.await("an answer " + condition)
                .atMost(Duration.ofSeconds(30))
                .until(() -> {
                    String id = "q" + tries[0]++;
                    requester.send("<iq type='get' id='" + id + "' to='" + to + "'><q xmlns='urn:q'/></iq>");
                    Stanza answer = requester.await("the answer to " + id, s -> s.isReply() && id.equals(s.id()));
                    return condition.equals(ProxyScenarios.condition(answer));
                });
    }

    @Test
    void servesATargetThatWasTypedInWideLetters() throws Exception {
        serve(Map.of("proxy.target", "\uff57orker@\uff4cocalhost"), "worker");
        awaitAnswer(client("alice"), "");
    }

    @Test
    void servesATargetThatWasTypedWithLettersThatNobodySees() throws Exception {
        serve(Map.of("proxy.target", "\ufeffWor\u00adker@localhost\u200b"), "worker");
        awaitAnswer(client("alice"), "");
    }

    @Test
    void findsAResourceThatLoggedInInWideLetters() throws Exception {
        serve(Map.of(), preparesNames() ? "\uff37orker" : "worker");
        awaitAnswer(client("alice"), "");
    }

    @Test
    void answersAtTheProxyHostInWideLetters() throws Exception {
        serve(Map.of("proxy.domain", "\uff30roxy.localhost"), "worker");
        awaitAnswer(client("alice"), preparesNames() ? "\uff50roxy.localhost" : "proxy.localhost", "");
    }

    @Test
    void refusesWhoIsDeniedHoweverHeLogsIn() throws Exception {
        serve(Map.of("proxy.deny", "\uff41lice@LOCALHOST."), "worker");
        awaitAnswer(client("alice"), "forbidden");
        awaitAnswer(client("bob"), "");
        if (preparesNames()) {
            awaitAnswer(client("\uff21lice"), "forbidden");
            awaitAnswer(client("ali\u00adce"), "forbidden");
        }
    }

    @Test
    void letsInWhoIsAllowedHoweverHeLogsIn() throws Exception {
        serve(Map.of("proxy.allow", "fu\u00dfball@localhost, *.example"), "worker");
        awaitAnswer(client("fussball"), "");
        awaitAnswer(client("alice"), "forbidden");
        if (preparesNames()) {
            awaitAnswer(client("fu\u00dfball"), "");
        }
    }

    @Test
    void deniesADomainWithAllBelowIt() throws Exception {
        serve(Map.of("proxy.deny", "*.localhost"), "worker");
        awaitAnswer(client("alice"), "forbidden");
    }

    /** Each of these is the account by the server's rules, and by ours. */
    @Test
    void preparesNamesAsTheServerDoes() throws Exception {
        for (String name : List.of(
                "FUSSBALL",
                "fu\u00dfball",
                "\uff46ussball",
                "\u24d5ussball",
                "fu\u017fsball",
                "fus\u00adsball",
                "FU\u00dfBA\u2113L")) {
            assertThat(Jid.normalised(name + "@localhost")).as(name).hasToString("fussball@localhost");
            if (preparesNames()) {
                client(name).close();
            }
        }
    }
}
