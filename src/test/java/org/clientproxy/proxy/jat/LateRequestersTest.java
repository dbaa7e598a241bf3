package org.clientproxy.proxy.jat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.clientproxy.proxy.settings.EncodedFrom;
import org.clientproxy.xmpp.Jid;
import org.junit.jupiter.api.Test;

/** Who is known to have written lately: for so long, so many, and only those whose token does not say so. */
class LateRequestersTest {
    private static final Jid DOMAIN = Jid.parse("proxy.example");
    private static final String USED = "proxy.example";

    private static LateRequesters late(EncodedFrom form) {
        return new LateRequesters(new JatCodec(DOMAIN, List.of(new byte[32]), form), Duration.ofMinutes(1));
    }

    private static void wrote(LateRequesters late, String requester, long now) {
        late.wrote(DOMAIN.withResource(requester), requester, USED, now);
    }

    @Test
    void knowsTheLatestOfTooMany() {
        LateRequesters late = late(EncodedFrom.PLAIN);
        wrote(late, "first@a.example", 0);
        wrote(late, "second@a.example", 0);
        for (int i = 2; i < LateRequesters.MOST; i++) {
            wrote(late, "u" + i + "@a.example", 1);
        }
        wrote(late, "first@a.example", 2);
        wrote(late, "last@a.example", 3);
        assertThat(late.find("first@a.example", 4)).isNotNull();
        assertThat(late.find("last@a.example", 4)).isNotNull();
        assertThat(late.find("second@a.example", 4)).isNull();
    }

    @Test
    void forgetsTheOldestWhereAddressesAreTooLongTogether() {
        LateRequesters late = late(EncodedFrom.PLAIN);
        String longest = "a.example/" + "r".repeat(1000);
        long fit = LateRequesters.MOST_CHARACTERS / (longest.length() + 4 + USED.length());
        for (int i = 0; i <= fit; i++) {
            wrote(late, longest + String.format("%04d", i), 1);
        }
        assertThat(late.find(longest + "0000", 2)).isNull();
        assertThat(late.find(longest + "0001", 2)).isNotNull();
    }

    @Test
    void knowsEachForItsTime() {
        LateRequesters late = late(EncodedFrom.PLAIN);
        wrote(late, "a@a.example", 0);
        long time = Duration.ofMinutes(31).toNanos();
        assertThat(late.find("a@a.example", time - 1)).isNotNull();
        assertThat(late.find("a@a.example", time)).isNull();
    }

    @Test
    void keepsNobodyWhoseTokenCanBeRead() {
        JatCodec jat = new JatCodec(DOMAIN, List.of(new byte[32]), EncodedFrom.TOKEN);
        for (int length = 1; length < 1000; length++) {
            String requester = "a@a.example/" + "r".repeat(length);
            Jid encodedFrom = jat.encodedFrom(requester, USED);
            assertThat(jat.isReadable(encodedFrom)).isEqualTo(jat.verifies(String.valueOf(encodedFrom.resource())));
        }
    }
}
