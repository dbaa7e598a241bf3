package org.clientproxy.proxy.conversations;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.clientproxy.proxy.ProxyFixture;
import org.clientproxy.proxy.settings.MessageKeys;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.stream.SimulatedLoop;
import org.junit.jupiter.api.Test;

/** How many messages of one account pass in which time, how often it hears that it is too fast, and how many are kept. */
class AccountRatesTest {
    private static final String ALICE = "alice@some.example";
    private static final int RATE = 50;
    private static final int MOST = 1000;

    private final SimulatedLoop loop = new SimulatedLoop();
    private final ProxySettings settings = ProxyFixture.settings(Path.of("none"))
            .with(MessageKeys.MESSAGE_RATE, RATE)
            .with(MessageKeys.MAX_CONVERSATIONS, MOST);
    private final AccountRates rates = new AccountRates(loop, settings);

    private int admittedOf(int many) {
        int admitted = 0;
        for (int i = 0; i < many; i++) {
            admitted += rates.admit(ALICE) ? 1 : 0;
        }
        return admitted;
    }

    @Test
    void fourTimesTheRateAtOnceAndThenTheRate() {
        assertThat(admittedOf(1000)).isEqualTo(4 * RATE);
        for (int second = 0; second < 10; second++) {
            loop.advance(Duration.ofSeconds(1));
            assertThat(admittedOf(1000)).isEqualTo(RATE);
        }
        loop.advance(Duration.ofSeconds(2));
        assertThat(admittedOf(1000)).isEqualTo(2 * RATE);
        loop.advance(Duration.ofMinutes(5));
        assertThat(admittedOf(1000)).isEqualTo(4 * RATE);
    }

    @Test
    void whoKeepsToTheRateIsNeverTooFast() {
        for (int i = 0; i < 100 * RATE; i++) {
            assertThat(rates.admit(ALICE)).isTrue();
            loop.advance(Duration.ofMillis(1000 / RATE));
        }
    }

    @Test
    void eachAccountHasARateOfItsOwn() {
        admittedOf(1000);
        assertThat(rates.admit("bob@some.example")).isTrue();
    }

    @Test
    void itIsSaidOnceASecond() {
        admittedOf(1000);
        assertThat(rates.mayTell(ALICE)).isTrue();
        assertThat(rates.mayTell(ALICE)).isFalse();
        loop.advance(Duration.ofMillis(999));
        assertThat(rates.mayTell(ALICE)).isFalse();
        loop.advance(Duration.ofMillis(1));
        assertThat(rates.mayTell(ALICE)).isTrue();
        assertThat(rates.mayTell(ALICE)).isFalse();
    }

    @Test
    void zeroIsNoLimit() {
        rates.adjust(settings.with(MessageKeys.MESSAGE_RATE, 0));
        assertThat(admittedOf(100_000)).isEqualTo(100_000);
        assertThat(rates.size()).isZero();
    }

    @Test
    void anEditHoldsAtOnce() {
        admittedOf(1000);
        loop.advance(Duration.ofSeconds(4));
        rates.adjust(settings.with(MessageKeys.MESSAGE_RATE, 1));
        assertThat(admittedOf(1000)).isEqualTo(4);
    }

    @Test
    void ofAMillionDistinctAccountsNoMoreAreKeptThanTheBound() {
        for (int i = 0; i < 1_000_000; i++) {
            rates.admit("user" + i + "@some.example");
            assertThat(rates.size()).isLessThanOrEqualTo(MOST);
        }
        assertThat(rates.size()).isEqualTo(MOST);
    }

    @Test
    void whoIsAsGoodAsNewIsForgotten() {
        for (int i = 0; i < 100; i++) {
            rates.admit("user" + i + "@some.example");
        }
        loop.advance(Duration.ofSeconds(4));
        for (int i = 0; i < 60; i++) {
            rates.admit(ALICE);
            rates.admit("other" + i + "@some.example");
        }
        assertThat(rates.size()).isLessThan(80);
    }
}
