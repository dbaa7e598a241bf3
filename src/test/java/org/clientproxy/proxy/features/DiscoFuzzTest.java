package org.clientproxy.proxy.features;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.clientproxy.fuzz.Mutations;
import org.clientproxy.proxy.caps.DiscoInfo;
import org.clientproxy.proxy.caps.VerificationString;
import org.clientproxy.proxy.pool.Caps;
import org.clientproxy.proxy.stats.FeatureCounters.Answer;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever a session answers: nothing is thrown, and no hash of an honest program comes to stand for anything else. */
class DiscoFuzzTest {
    /** @param caps what an honest program says of itself */
    private record Honest(Caps caps, Set<String> features) {}

    private final Random random = new Random(Long.getLong("seed", 1));
    private final List<Honest> honest = new ArrayList<>();

    @BeforeEach
    void hashes() throws Exception {
        for (String xml : Mutations.files("disco").values()) {
            DiscoInfo info = DiscoReader.read(StanzaXml.parse(xml));
            String ver = CapsHashTest.hash("SHA-1", VerificationString.of(info).toString());
            honest.add(new Honest(new Caps("urn:n", ver, "sha-1"), info.features()));
            assertThat(FeatureAnswer.of(new Caps("urn:n", ver, "sha-1"), StanzaXml.parse(xml))
                            .worth())
                    .as(xml)
                    .isEqualTo(Answer.VERIFIED);
        }
    }

    @Test
    void anyAnswerIsWorthSomething() {
        Mutations mutations = Mutations.of("disco", random);
        int verified = 0;
        int different = 0;
        for (int run = 0; run < Integer.getInteger("fuzz.runs", 15_000); run++) {
            byte[] octets = mutations.next();
            Stanza reply;
            try {
                reply = StanzaXml.parse(octets);
            } catch (IllegalArgumentException e) {
                // It ends the stream, and no session hears of it.
                continue;
            }
            for (Honest each : honest) {
                FeatureAnswer answer = FeatureAnswer.of(each.caps(), reply);
                if (answer.worth() == Answer.VERIFIED) {
                    verified++;
                    assertThat(answer.features())
                            .as(new String(octets, StandardCharsets.UTF_8))
                            .isEqualTo(each.features());
                } else if (answer.worth() == Answer.DIFFERENT) {
                    different++;
                }
            }
        }
        assertThat(List.of(verified, different)).doesNotContain(0);
    }

    /** Each answer that has the very string of an honest one: its parts, made identities, features and forms at random. */
    @Test
    void noOtherReadingOfAnHonestStringCounts() throws Exception {
        for (String xml : Mutations.files("disco").values()) {
            DiscoInfo info = DiscoReader.read(StanzaXml.parse(xml));
            String string = VerificationString.of(info).toString();
            List<String> parts = List.of(string.split("<"));
            int same = 0;
            for (int run = 0; run < 20_000; run++) {
                DiscoInfo other = reading(parts);
                VerificationString text = VerificationString.of(other);
                if (text.toString().equals(string)) {
                    same++;
                    assertThat(!text.isClear() || other.features().containsAll(info.features()))
                            .as("%s", other)
                            .isTrue();
                }
            }
            assertThat(same).isPositive();
        }
    }

    private DiscoInfo reading(List<String> parts) {
        int features = random.nextInt(Math.min(4, parts.size()));
        int forms = features + random.nextInt(parts.size() - features + 1);
        List<DiscoInfo.Identity> identities = new ArrayList<>();
        for (String part : parts.subList(0, features)) {
            String[] words = part.split("/", 4);
            identities.add(
                    words.length < 4
                            ? new DiscoInfo.Identity(part, "", "", "")
                            : new DiscoInfo.Identity(words[0], words[1], words[2], words[3]));
        }
        List<DiscoInfo.Form> all = new ArrayList<>();
        int at = forms;
        while (at < parts.size()) {
            String type = parts.get(at++);
            List<DiscoInfo.Field> fields = new ArrayList<>();
            while (at < parts.size() && random.nextInt(8) > 0) {
                int values = random.nextInt(Math.min(3, parts.size() - at));
                fields.add(new DiscoInfo.Field(parts.get(at), parts.subList(at + 1, at + 1 + values)));
                at += 1 + values;
            }
            all.add(new DiscoInfo.Form(type, fields));
        }
        return new DiscoInfo(identities, Set.copyOf(parts.subList(features, forms)), all);
    }
}
