package org.clientproxy.xmpp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.jxmpp.jid.impl.JidCreate;
import org.jxmpp.stringprep.XmppStringprepException;

/** Whatever is given as an address: it is refused with the one exception, or read as it was written. */
class JidFuzzTest {
    private static final List<String> PIECES = List.of(
            "a",
            "b.example",
            "@",
            "/",
            "//",
            "@@",
            ".",
            "..",
            " ",
            "'",
            "\"",
            "&",
            "<",
            ">",
            ":",
            "\\",
            "\\20",
            "[::1]",
            "A",
            "\u00df",
            "\u0130",
            "\u03a3",
            "\u05d0",
            "\ud83d\udc2b",
            "\ud83d",
            "\udc2b",
            "\u0000",
            "\n",
            "\u007f",
            "\u00a0",
            "\ufffe",
            "\uffff",
            "\ufeff",
            "\u200b",
            "xn--a",
            "e\u0301",
            "l".repeat(1022),
            "\u05d0".repeat(511));

    @Test
    void isRefusedOrReadAsItWasWritten() {
        long seed = Long.getLong("seed", 1);
        Random random = new Random(seed);
        int read = 0;
        int compared = 0;
        for (int run = 0; run < Integer.getInteger("fuzz.runs", 40_000); run++) {
            String text = next(random);
            Jid jid = Jid.read(text).orElse(null);
            // Of two final dots one is folded away, and what is left is no spelling of the same.
            if (jid == null || jid.domain().endsWith("..")) {
                continue;
            }
            read++;
            String where = "-Dseed=" + seed + ", run " + run + ": " + text;
            String joined = (jid.local() == null ? "" : jid.local() + "@")
                    + jid.domain()
                    + (jid.resource() == null ? "" : "/" + jid.resource());
            assertThat(joined).as(where).isEqualTo(text).isEqualTo(jid.toString());
            assertThat(Jid.parse(jid.key())).as(where).isEqualTo(jid).hasSameHashCodeAs(jid);
            assertThat(Jid.parse(jid.key()).key()).as(where).isEqualTo(jid.key());
            assertThat(jid.bare().isFull()).as(where).isFalse();
            assertThat(jid.bare().sameBare(jid)).as(where).isTrue();
            for (String part : new String[] {jid.local(), jid.domain(), jid.resource()}) {
                assertThat(part == null ? 1 : part.getBytes(UTF_8).length)
                        .as(where)
                        .isBetween(1, 1023);
            }
            compared += sameAsJxmpp(jid, where);
        }
        assertThat(read).isGreaterThan(4_000);
        assertThat(compared).isGreaterThan(400);
    }

    @Test
    void normalisingThrowsNothingElseEither() {
        Random random = new Random(Long.getLong("seed", 1));
        for (int run = 0; run < 20_000; run++) {
            String text = next(random);
            try {
                Jid jid = Jid.normalised(text);
                if (!jid.domain().endsWith(".")) {
                    assertThat(Jid.normalised(jid.toString())).as(text).hasToString(jid.toString());
                }
            } catch (IllegalArgumentException e) {
                assertThat(e).as(text).hasMessageContaining("not an XMPP address");
            }
        }
    }

    /** Smack's address class folds case only, as ours does for comparisons; it knows fewer forbidden characters. */
    private static int sameAsJxmpp(Jid jid, String where) {
        String text = jid.toString();
        if (!text.chars().allMatch(c -> c > ' ' && c < 0x7f)
                || text.contains("\\")
                || jid.domain().endsWith(".")) {
            return 0;
        }
        try {
            org.jxmpp.jid.Jid theirs = JidCreate.from(text);
            assertThat(theirs.getDomain().toString())
                    .as(where)
                    .isEqualTo(jid.domain().toLowerCase(Locale.ROOT));
            assertThat(
                            theirs.getLocalpartOrNull() == null
                                    ? null
                                    : theirs.getLocalpartOrNull().toString())
                    .as(where)
                    .isEqualTo(jid.local() == null ? null : jid.local().toLowerCase(Locale.ROOT));
            assertThat(
                            theirs.getResourceOrNull() == null
                                    ? null
                                    : theirs.getResourceOrNull().toString())
                    .as(where)
                    .isEqualTo(jid.resource());
            return 1;
        } catch (XmppStringprepException e) {
            throw new AssertionError(where + ": jxmpp refuses it", e);
        }
    }

    private static String next(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(7); i >= 0; i--) {
            text.append(
                    random.nextInt(8) == 0
                            ? Character.toString(random.nextInt(0x110000))
                            : PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }
}
