package org.clientproxy.xmpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

    @Test
    void normalisesWhatAPersonTyped() {
        assertThat(Jid.normalised("  Worker@Some.Example./e\u0301 ")).hasToString("worker@some.example/\u00e9");
    }
}
