package org.clientproxy.xmpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.IDN;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7622 §3, in tables. */
class JidTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            quoteCharacter = '`',
            value = {
                "juliet@example.com|juliet|example.com|-",
                "juliet@example.com/foo|juliet|example.com|foo",
                "juliet@example.com/foo bar|juliet|example.com|foo bar",
                "juliet@example.com/foo@bar|juliet|example.com|foo@bar",
                "foo\\20bar@example.com|foo\\20bar|example.com|-",
                "fussball@example.com|fussball|example.com|-",
                "fu\u00dfball@example.com|fu\u00dfball|example.com|-",
                "\u03c0@example.com|\u03c0|example.com|-",
                "\u03a3@example.com/foo|\u03a3|example.com|foo",
                "king@example.com/\u265a|king|example.com|\u265a",
                "example.com|-|example.com|-",
                "example.com/foobar|-|example.com|foobar",
                "a.example.com/b@example.net|-|a.example.com|b@example.net",
                "a@b/c/d|a|b|c/d",
                "a@b/.|a|b|.",
                ".@b|.|b|-",
                "a@[::1]/x|a|[::1]|x",
                "proxy.example/'\"<>&|-|proxy.example|'\"<>&"
            })
    void readsTheParts(String text, String local, String domain, String resource) {
        Jid jid = Jid.parse(text);
        assertThat(jid.local()).isEqualTo(local);
        assertThat(jid.domain()).isEqualTo(domain);
        assertThat(jid.resource()).isEqualTo(resource);
        assertThat(jid).hasToString(text);
        assertThat(jid.isFull()).isEqualTo(resource != null);
        assertThat(jid.bare()).hasToString(local == null ? domain : local + "@" + domain);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "@",
                "/",
                "a@",
                "@b",
                "a/",
                "a@b/",
                "\"juliet\"@example.com",
                "foo bar@example.com",
                "a@b@c",
                "a'b@c",
                "a:b@c",
                "a<b@c",
                "a&b@c",
                "a b",
                "a@b/\u0000",
                "a@b/\n",
                "a\u007fb@c",
                ".",
                "a@.",
                "a@b/\ud800",
                "a@b/\ufffe",
                "a@b/\uffff"
            })
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> Jid.parse(text)).isInstanceOf(IllegalArgumentException.class);
        assertThat(Jid.read(text)).isEmpty();
    }

    @Test
    void limitsEachPartByOctets() {
        String longest = "\u05d0".repeat(511) + "x";
        assertThat(Jid.parse(longest + "@" + "d".repeat(1023) + "/" + longest).isFull())
                .isTrue();
        for (String text : new String[] {longest + "x@d", "a@" + "d".repeat(1024), "a@d/" + longest + "x"}) {
            assertThatThrownBy(() -> Jid.parse(text)).hasMessageContaining("longer than 1023 octets");
        }
    }

    @Test
    void comparesFoldedButTheResource() {
        assertThat(Jid.parse("A@B.Example./R"))
                .isEqualTo(Jid.parse("a@b.example/R"))
                .hasSameHashCodeAs(Jid.parse("a@b.example/R"));
        assertThat(Jid.parse("a@b/R")).isNotEqualTo(Jid.parse("a@b/r"));
        assertThat(Jid.parse("a@b")).isNotEqualTo(Jid.parse("b"));
        assertThat(Jid.parse("A@B/x").sameBare(Jid.parse("a@b/y"))).isTrue();
        assertThat(Jid.parse("b/x").sameBare(Jid.parse("a@b/y"))).isFalse();
        assertThat(Jid.parse("a@b./x").sameBare(Jid.parse("A@b"))).isTrue();
        assertThat(Jid.parse("\u0130@b").sameBare(Jid.parse("i\u0307@B/x"))).isTrue();
        assertThat(Jid.parse("c@b/x").sameBare(Jid.parse("a@b/x"))).isFalse();
        assertThat(Jid.parse("a@b/x").sameBare(Jid.parse("a@bb/x"))).isFalse();
        assertThat(Jid.parse("PROXY.example/x").sameDomain(Jid.parse("n@proxy.Example")))
                .isTrue();
    }

    /** By the rules that Prosody and ejabberd have, as {@code AddressScenarios} tries with names of accounts. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "  Worker@Some.Example./e\u0301 |worker@some.example/\u00e9",
                "\uff57orker@localhost|worker@localhost",
                "\uff37ORKER@LOCALHOST|worker@localhost",
                "w\u00f6rker@b\u00fccher.example|w\u00f6rker@b\u00fccher.example",
                "WO\u0308RKER@BU\u0308CHER.example|w\u00f6rker@b\u00fccher.example",
                "fu\u00dfball@localhost|fussball@localhost",
                "\u03c3\u03b1\u03c2@localhost|\u03c3\u03b1\u03c3@localhost",
                "\u03a3\u0391\u03a3@localhost|\u03c3\u03b1\u03c3@localhost",
                "\u0130@localhost|i\u0307@localhost",
                "\u0131@localhost|\u0131@localhost",
                "\u2167@localhost|viii@localhost",
                "\u2121@localhost|tel@localhost",
                "\ufb01sh@localhost|fish@localhost",
                "a\u00adb@localhost|ab@localhost",
                "\ufeffworker@localhost|worker@localhost",
                "worker@localhost\u200b|worker@localhost",
                "worker@\uff4cocalhost|worker@localhost",
                "worker@some\u3002example|worker@some.example",
                "worker@some\uff0eexample\uff0e|worker@some.example",
                "worker@stra\u00dfe.example|worker@strasse.example",
                "worker@XN--BCHER-KVA.example.|worker@xn--bcher-kva.example",
                "worker@some.example/\uff57 W|worker@some.example/w W",
                "\u05d0\u05d1@localhost|\u05d0\u05d1@localhost",
                "worker@[::1]|worker@[::1]"
            })
    void normalisesWhatAPersonTyped(String typed, String prepared) {
        assertThat(Jid.normalised(typed)).hasToString(prepared);
        assertThat(Jid.normalised(prepared)).hasToString(prepared);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a\uff20b@localhost|localpart holds the forbidden character U+0040",
                "a\uff0fb@localhost|localpart holds the forbidden character U+002F",
                "a\u00a0b@localhost|localpart holds the forbidden character U+0020",
                "a\ue000b@localhost|localpart holds the forbidden character U+E000",
                "a\ufffdb@localhost|localpart holds the forbidden character U+FFFD",
                "a\u202eb@localhost|localpart holds the forbidden character U+202E",
                "\u05d0b@localhost|localpart mixes characters",
                "\u05d01@localhost|localpart mixes characters",
                "\u00ad@localhost|localpart is empty",
                "worker@a\u202eb.example|domainpart is none",
                "worker@\u05d0b.example|domainpart is none",
                "worker@\u00fc\u00a0.example|domainpart holds the forbidden character U+0020",
                "worker@some.example/a\u2028b|resourcepart holds the forbidden character U+2028",
                "worker@some.example/a\u05d0|resourcepart mixes characters"
            })
    void saysWhatServersRefuse(String typed, String reason) {
        assertThatThrownBy(() -> Jid.normalised(typed)).hasMessageContaining("not an XMPP address: its " + reason);
    }

    /** Java's nameprep, of the same tables, is the measure; nodeprep differs from it in ASCII only. */
    @Test
    void preparesEachLetterAsTheTablesOfStringprepDo() {
        int compared = 0;
        for (int c = 0xa1; c <= Character.MAX_CODE_POINT; c++) {
            String letter = Character.toString(c);
            String nameprep = nameprep(letter);
            // The dots of other scripts are dots to IDN alone, and Unicode has corrected five ideographs since
            // (Corrigendum 4).
            if (!nameprep.equals(".")
                    && !Set.of(0x2f868, 0x2f874, 0x2f91f, 0x2f95f, 0x2f9bf).contains(c)
                    && Jid.read(nameprep + "@d")
                            .filter(jid -> nameprep.equals(jid.local()))
                            .isPresent()) {
                assertThat(Jid.normalised(letter + "@d")).as("U+%04X", c).hasToString(nameprep + "@d");
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(80_000);
    }

    /** Empty where it is none of Unicode 3.2, or forbidden. */
    private static String nameprep(String label) {
        try {
            return IDN.toUnicode(IDN.toASCII(label));
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // what one server passes on as it was typed, another one prepares
                "\uff57orker@some.example/a|worker@some.example/a|true",
                "w\u00adorker@some.example/a|worker@some.example/a|true",
                "\uff57orker@\uff53ome.example/a|Worker@some.example/a|true",
                "worker@some.example/\uff41|worker@some.example/a|false",
                // A-labels and U-labels are one domain (RFC 7622 \u00a73.2.1)
                "a@xn--bcher-kva.example|a@b\u00fccher.example|true",
                "a@XN--BCHER-KVA.Example.|a@B\u00dcCHER.example|true",
                "a@sub.xn--bcher-kva.example|a@sub.b\u00fccher.example|true",
                "xn--bcher-kva.example|b\u00fccher.example|true",
                "a@bu\u0308cher.example|a@xn--bcher-kva.example|true",
                "a@bxn--cher-kva.example|a@b\u00fccher.example|false",
                "xn--bcher-kva@some.example|b\u00fccher@some.example|false",
                // by the newer rules these are two domains, and an A-label is of the newer rules
                "a@xn--strae-oqa.example|a@strasse.example|false",
                // no A-labels
                "a@xn--a.example|a@xn--a.example|true",
                "a@xn--.example|a@xn--b.example|false"
            })
    void comparesAsServersDo(String one, String other, boolean same) {
        Jid a = Jid.parse(one);
        Jid b = Jid.parse(other);
        assertThat(a.equals(b)).isEqualTo(same);
        assertThat(a.key().equals(b.key())).isEqualTo(same);
        if (same) {
            assertThat(a).hasSameHashCodeAs(b);
            assertThat(a.sameBare(b)).isTrue();
            assertThat(a.sameDomain(b)).isTrue();
            assertThat(b.sameDomain(a)).isTrue();
        }
    }
}
