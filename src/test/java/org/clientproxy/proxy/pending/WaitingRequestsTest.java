package org.clientproxy.proxy.pending;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.clientproxy.proxy.pool.ChoiceRules;
import org.clientproxy.proxy.pool.ResourcePatterns;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.Test;

/** Whose turn it is of those that wait. */
class WaitingRequestsTest {
    private final WaitingRequests waiting = new WaitingRequests(Jid.parse("worker@some.example"));
    private int asked;

    private static PendingRequest request(String requester, int id) {
        Stanza stanza = StanzaXml.parse("<iq type='get' id='" + id + "' from='" + requester + "' to='proxy.example'/>");
        return new PendingRequest(stanza, stanza.fromJid(), 0, 1);
    }

    private PendingRequest add(String requester, int id) {
        PendingRequest request = request(requester, id);
        waiting.add(request);
        return request;
    }

    private PendingRequest addFor(String resources, String requester, int id) {
        PendingRequest request = request(requester, id);
        request.choose(ChoiceRules.NONE.among(ResourcePatterns.parse(resources)));
        waiting.add(request);
        return request;
    }

    /** The next one gets its resource. */
    private String next() {
        return next("a");
    }

    /** The next one gets this resource. */
    private String next(String resource) {
        PendingRequest next = waiting.next(request -> {
            asked++;
            ResourcePatterns among = request.choiceRules().among();
            return among == null || among.equals(ResourcePatterns.parse(resource));
        });
        if (next == null) {
            return "nobody";
        }
        waiting.remove(next);
        return next.requester.local() + next.request().id();
    }

    private List<String> all() {
        List<String> all = new ArrayList<>();
        while (!waiting.isEmpty()) {
            all.add(next());
        }
        return all;
    }

    @Test
    void oneAccountsRequestsKeepTheirOrder() {
        add("alice@some.example/home", 1);
        add("Alice@some.example/work", 2);
        add("alice@some.example/home", 3);
        assertThat(waiting.size()).isEqualTo(3);
        assertThat(waiting.of("alice@some.example")).isEqualTo(3);
        assertThat(all()).containsExactly("alice1", "Alice2", "alice3");
        assertThat(waiting.size()).isZero();
        assertThat(waiting.of("alice@some.example")).isZero();
    }

    @Test
    void accountsTakeTurns() {
        for (int i = 1; i <= 4; i++) {
            add("flood@some.example/x", i);
        }
        add("bob@other.example/x", 1);
        add("carol@other.example/x", 1);
        add("bob@other.example/x", 2);
        assertThat(all()).containsExactly("flood1", "bob1", "carol1", "flood2", "bob2", "flood3", "flood4");
    }

    @Test
    void whoeverComesAgainAtOnceIsBehindThoseWhoWait() {
        for (int i = 1; i <= 3; i++) {
            add("flood@some.example/x", i);
        }
        List<String> order = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            add("calm@some.example/x", i);
            order.add(next());
            order.add(next());
        }
        assertThat(order).containsExactly("flood1", "calm1", "flood2", "calm2", "flood3", "calm3");
    }

    @Test
    void aRequestThatNoFreeResourceSuitsDoesNotHoldUpOthers() {
        addFor("b", "alice@some.example/x", 1);
        add("alice@some.example/x", 2);
        addFor("b", "bob@some.example/x", 1);
        addFor("a", "carol@some.example/x", 1);
        assertThat(next("a")).isEqualTo("alice2");
        assertThat(next("a")).isEqualTo("carol1");
        assertThat(next("a")).isEqualTo("nobody");
        assertThat(waiting.size()).isEqualTo(2);
        assertThat(next("b")).isEqualTo("bob1");
        assertThat(next("b")).isEqualTo("alice1");
    }

    @Test
    void anAccountHasOneTurnWhateverItWaitsFor() {
        for (int i = 1; i <= 3; i++) {
            addFor("a", "flood@some.example/x", i);
            add("flood@some.example/x", 10 + i);
        }
        add("calm@some.example/x", 1);
        add("calm@some.example/x", 2);
        List<String> first = List.of(next(), next(), next(), next());
        assertThat(first).filteredOn(each -> each.startsWith("calm")).containsExactly("calm1", "calm2");
    }

    @Test
    void whoeverWaitsNoMoreIsForgotten() {
        List<PendingRequest> all = new ArrayList<>();
        Random random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            String requester = "user" + random.nextInt(50) + "@some.example/x";
            all.add(random.nextBoolean() ? add(requester, i) : addFor("r" + random.nextInt(5), requester, i));
        }
        Collections.shuffle(all, random);
        all.forEach(waiting::remove);
        all.forEach(waiting::remove);
        assertThat(waiting.isEmpty()).isTrue();
        assertThat(waiting.size()).isZero();
        assertThat(next()).isEqualTo("nobody");
    }

    @Test
    void aLookCostsAsMuchHoweverManyWait() {
        for (int i = 0; i < 10_000; i++) {
            add("user" + i % 2_000 + "@some.example/x", i);
            addFor("b", "user" + i % 2_000 + "@some.example/x", i);
        }
        asked = 0;
        for (int i = 0; i < 10_000; i++) {
            next();
        }
        // One of each kind at most.
        assertThat(asked).isLessThanOrEqualTo(20_000);
        assertThat(waiting.size()).isEqualTo(10_000);
    }

    @Test
    void eachOfManyAccountsHasItsTurn() {
        for (int i = 0; i < 900; i++) {
            add("user" + (char) ('A' + i / 30) + "@some.example/x", i);
        }
        for (int round = 0; round < 30; round++) {
            List<String> served = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                served.add(next().replaceAll("\\d", ""));
            }
            assertThat(served).doesNotHaveDuplicates();
        }
        assertThat(waiting.isEmpty()).isTrue();
    }
}
