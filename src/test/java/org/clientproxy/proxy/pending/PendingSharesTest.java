package org.clientproxy.proxy.pending;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import org.clientproxy.proxy.ProxyFixture;
import org.clientproxy.proxy.SettingsBuilder;
import org.clientproxy.xmpp.StanzaError;
import org.junit.jupiter.api.Test;

/** Who is refused when it gets tight. One octet stands for each request, so that the number decides, unless said otherwise. */
class PendingSharesTest {
    private static final int ALL = 100_000;

    private final PendingShares shares = shares(ALL, 1000, 1L << 40);

    private static PendingShares shares(int all, int perRequester, long octets) {
        return shares(all, perRequester, octets, () -> 0);
    }

    private static PendingShares shares(int all, int perRequester, long octets, IntSupplier elsewhere) {
        return new PendingShares(
                new SettingsBuilder(ProxyFixture.settings(Path.of("target")))
                        .maxPending(all)
                        .maxPendingPerRequester(perRequester)
                        .maxPendingSize(octets)
                        .build(),
                elsewhere);
    }

    @Test
    void whatIsPendingElsewhereTakesPlacesToo() {
        AtomicInteger elsewhere = new AtomicInteger(8);
        PendingShares shared = shares(10, 10, 1L << 40, elsewhere::get);
        shared.take("a@x", 1);
        assertThat(shared.refusal("b@y", 1)).isNull();
        shared.take("b@y", 1);
        assertThat(shared.refusal("c@z", 1)).isEqualTo(ProxyErrors.TOO_MANY);
        elsewhere.set(0);
        assertThat(shared.refusal("c@z", 1)).isNull();
    }

    private StanzaError ask(String account) {
        StanzaError refusal = shares.refusal(account, 1);
        if (refusal == null) {
            shares.take(account, 1);
        }
        return refusal;
    }

    /** These ask in turns until all of them are refused; gives how many each got. */
    private int[] flood(int askers, IntFunction<String> account) {
        int[] got = new int[askers];
        boolean some = true;
        while (some) {
            some = false;
            for (int i = 0; i < askers; i++) {
                if (ask(account.apply(i)) == null) {
                    got[i]++;
                    some = true;
                }
            }
        }
        return got;
    }

    private static int sum(int[] all) {
        int sum = 0;
        for (int each : all) {
            sum += each;
        }
        return sum;
    }

    @Test
    void manyAccountsOfOneDomainWithAFewRequestsEachLeaveRoomForOtherDomains() {
        int got = 0;
        for (int i = 0; i < 7000; i++) {
            for (int j = 0; j < 14; j++) {
                got += ask("a" + i + "@evil.example") == null ? 1 : 0;
            }
        }
        assertThat(got).as("nearly all").isEqualTo(ALL - ALL / 16);
        assertThat(ask("new@evil.example")).isEqualTo(ProxyErrors.TOO_MANY_OF_DOMAIN);
        int[] others = flood(500, i -> "b" + i + "@good.example");
        assertThat(sum(others)).as("half of what is free").isEqualTo(ALL / 32 + 1);
        assertThat(others).as("each of its accounts").doesNotContain(0);
    }

    @Test
    void aDomainAloneMayHaveNearlyAllPlaces() {
        assertThat(sum(flood(5000, i -> "u" + i + "@only.example"))).isGreaterThanOrEqualTo(ALL * 15 / 16);
    }

    @Test
    void domainsThatFloodTogetherLeaveOnePartInOneMoreThanTheyAre() {
        int domains = 9;
        int[] got = flood(9000, i -> "u" + i + "@d" + i % domains + ".example");
        assertThat(ALL - sum(got)).isBetween(ALL / (domains + 1) - domains, ALL / (domains + 1) + domains);
    }

    @Test
    void ofTwoDomainsEachKeepsAThirdHoweverLongTheOtherFloodsAndWhoeverWasFirst() {
        Map<String, Queue<PendingShares.Share>> held = new HashMap<>();
        for (String domain : List.of("first.example", "second.example")) {
            held.put(domain, new ArrayDeque<>());
        }
        int[] asked = new int[1];
        for (int step = 0; step < 400; step++) {
            for (Map.Entry<String, Queue<PendingShares.Share>> each : held.entrySet()) {
                boolean isThere = each.getKey().startsWith("first") || step > 50;
                for (int i = 0; i < 4000 && isThere; i++) {
                    String account = "u" + asked[0]++ % 5000 + "@" + each.getKey();
                    if (shares.refusal(account, 1) == null) {
                        each.getValue().add(shares.take(account, 1));
                    }
                }
                // Each is answered after a while.
                int over = each.getValue().size() / 20;
                for (int i = 0; i < over; i++) {
                    shares.giveBack(each.getValue().remove(), 1);
                }
            }
        }
        assertThat(held.get("first.example").size()).isGreaterThan(ALL * 3 / 10);
        assertThat(held.get("second.example").size()).isGreaterThan(ALL * 3 / 10);
    }

    @Test
    void aStrangerWithOneRequestTakesNothingFromALargeDomain() {
        ask("stranger@elsewhere.example");
        assertThat(sum(flood(5000, i -> "u" + i + "@only.example"))).isGreaterThanOrEqualTo(ALL * 15 / 16 - 1);
    }

    @Test
    void aComponentIsADomainAndAnAccountAtOnce() {
        assertThat(sum(flood(1, i -> "service.example"))).isEqualTo(1000);
        assertThat(ask("service.example")).isEqualTo(ProxyErrors.TOO_MANY_OF_YOURS);
        assertThat(ask("other.example")).isNull();
    }

    @Test
    void memoryIsSharedByTheSameRules() {
        long mib = 1 << 20;
        PendingShares memory = shares(1000, 100, 100 * mib);
        List<PendingShares.Share> taken = new ArrayList<>();
        for (int i = 0; memory.refusal("a@d.example", mib) == null; i++) {
            taken.add(memory.take("a@d.example", mib));
        }
        assertThat(taken).as("a tenth, as of the number").hasSize(10);
        assertThat(memory.refusal("a@d.example", mib)).isEqualTo(ProxyErrors.TOO_MUCH_OF_YOURS);
        for (int i = 0; memory.refusal("b" + i + "@d.example", mib) == null; i++) {
            taken.add(memory.take("b" + i + "@d.example", mib));
        }
        assertThat(taken).hasSizeBetween(93, 95);
        assertThat(memory.refusal("c@d.example", mib)).isEqualTo(ProxyErrors.TOO_MUCH_OF_DOMAIN);
        assertThat(memory.refusal("c@e.example", mib)).isNull();
        assertThat(memory.refusal("c@e.example", 7 * mib)).isEqualTo(ProxyErrors.TOO_MUCH);
        taken.forEach(share -> memory.giveBack(share, mib));
        assertThat(memory.octets()).isZero();
        assertThat(memory.refusal("a@d.example", 100 * mib)).isNull();
    }
}
