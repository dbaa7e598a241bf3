package org.clientproxy.xml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.clientproxy.xmpp.Attribute;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.Test;

/** What the framer accepts, Woodstox accepts too, with the same root and attributes: over mutations of real stanzas. */
class FramerDifferentialTest {
    private static final int CASES = 20_000;

    private static final List<String> SEEDS = List.of(
            "<iq type='get' id='1' from='a@b/c' to='d'><q xmlns='urn:q' a='1'>text &amp; more</q></iq>",
            "<p:iq xmlns:p='jabber:component:accept' id='x'><b xmlns='' c=\"d\"/></p:iq>",
            "<message xml:lang='en'><body>\u05d0\ud83d\udc2b</body><x:y xmlns:x='u' x:z='&#10;'/></message>",
            "<presence><![CDATA[a]]><a><b><c/></b></a></presence>");

    private static final List<String> SNIPPETS = List.of(
            "<",
            ">",
            "/",
            "'",
            "\"",
            "&",
            ";",
            "=",
            " ",
            ":",
            "]]>",
            "<!--",
            "-->",
            "<?x ?>",
            "<![CDATA[",
            "&#x41;",
            "&#0;",
            "&lt;",
            "xmlns",
            "xmlns:p='u'",
            "a='1'",
            "p:",
            "\u0000",
            "\n",
            "\u05d0",
            "\ud83d\udc2b",
            "</iq>",
            "<a/>",
            "</a>",
            "\u00d7",
            "\u0300",
            "xml:lang='x'",
            "&bogus;",
            "\u037e",
            "-",
            ".",
            "1");

    @Test
    void whatIsAcceptedIsWellFormed() {
        // The same cases in each build; -Dseed=N searches others.
        long seed = Long.getLong("seed", 1);
        Random random = new Random(seed);
        int accepted = 0;
        for (int i = 0; i < CASES; i++) {
            String xml = mutate(SEEDS.get(random.nextInt(SEEDS.size())), random);
            Stanza stanza;
            try {
                stanza = StanzaXml.parse(xml);
            } catch (IllegalArgumentException e) {
                continue;
            }
            accepted++;
            try {
                assertThat(attributesByWoodstox(stanza)).as("seed %d", seed).isEqualTo(declared(stanza));
            } catch (XMLStreamException e) {
                throw new AssertionError("seed " + seed + ": accepted, but not well-formed: " + xml, e);
            }
        }
        assertThat(accepted).as("seed %d", seed).isGreaterThan(CASES / 50);
    }

    private static String mutate(String xml, Random random) {
        StringBuilder mutated = new StringBuilder(xml);
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(mutated.length());
            switch (random.nextInt(4)) {
                case 0 -> mutated.insert(at, SNIPPETS.get(random.nextInt(SNIPPETS.size())));
                case 1 -> mutated.delete(at, Math.min(mutated.length(), at + 1 + random.nextInt(6)));
                case 2 -> mutated.setCharAt(at, (char) random.nextInt(0x180));
                default ->
                    mutated.insert(at, mutated.substring(at, Math.min(mutated.length(), at + random.nextInt(20))));
            }
            if (mutated.isEmpty()) {
                mutated.append(' ');
            }
        }
        return mutated.toString();
    }

    private static List<String> attributesByWoodstox(Stanza stanza) throws XMLStreamException {
        XMLStreamReader reader = StanzaXml.reader(stanza.toBytes());
        List<String> attributes = new ArrayList<>();
        int depth = 0;
        while (reader.hasNext()) {
            int event = reader.next();
            if (event == XMLStreamConstants.START_ELEMENT && depth++ == 0) {
                for (int i = 0; i < reader.getAttributeCount(); i++) {
                    String prefix = reader.getAttributePrefix(i);
                    attributes.add((prefix == null || prefix.isEmpty() ? "" : prefix + ":")
                            + reader.getAttributeLocalName(i) + "=" + reader.getAttributeValue(i));
                }
            }
        }
        return attributes;
    }

    private static List<String> declared(Stanza stanza) {
        List<String> attributes = new ArrayList<>();
        for (Attribute attribute : stanza.attributes()) {
            if (!attribute.name().equals("xmlns") && !attribute.name().startsWith("xmlns:")) {
                attributes.add(attribute.name() + "=" + attribute.value());
            }
        }
        return attributes;
    }
}
