package org.clientproxy.xml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.Stream;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamReader;
import org.clientproxy.fuzz.Mutations;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The namespace of a stanza's first child, however it is written. */
class ChildNamespaceTest {
    static Stream<Arguments> stanzas() {
        return Stream.of(
                Arguments.of("<iq><q xmlns='urn:q'/></iq>", "urn:q"),
                Arguments.of("<iq><q xmlns='urn:q'>text</q></iq>", "urn:q"),
                Arguments.of("<iq><q a='xmlns' xmlns=\"urn:'q\"/></iq>", "urn:'q"),
                Arguments.of("<iq>\n <q\n a = '>' xmlns\t=\n'urn:q'\n/></iq>", "urn:q"),
                Arguments.of("<iq><q xmlns='urn:&lt;&#113;'/></iq>", "urn:<q"),
                Arguments.of("<iq><q xmlns='urn:p' /><q xmlns='urn:q'/></iq>", "urn:p"),
                Arguments.of("<iq><p:q xmlns='urn:d' xmlns:p='urn:p' p:a='x'/></iq>", "urn:p"),
                Arguments.of("<iq xmlns:p='urn:p'><p:q/></iq>", "urn:p"),
                Arguments.of("<iq xmlns:p='urn:outer'><p:q xmlns:p='urn:inner'/></iq>", "urn:inner"),
                Arguments.of("<iq xmlns:xmlns2='urn:p'><xmlns2:q/></iq>", "urn:p"),
                Arguments.of("<iq><stream:q/></iq>", "http://etherx.jabber.org/streams"),
                Arguments.of("<iq><xml:q/></iq>", "http://www.w3.org/XML/1998/namespace"),
                Arguments.of("<iq><q/></iq>", "jabber:component:accept"),
                Arguments.of("<iq><q xmlns=''/></iq>", null),
                Arguments.of("<iq/>", null),
                Arguments.of("<iq>only text</iq>", null),
                Arguments.of("<iq>text <q xmlns='urn:q'/></iq>", "urn:q"),
                Arguments.of("<iq><![CDATA[<r xmlns='urn:r'/>]]><q xmlns='urn:q'/></iq>", "urn:q"),
                Arguments.of("<iq><q a='" + "x".repeat(2000) + "' xmlns='urn:q'/></iq>", "urn:q"),
                Arguments.of("<iq>" + " ".repeat(600) + "<q xmlns='urn:q'/></iq>", "urn:q"),
                Arguments.of("<iq><q xmlns='urn:" + "\u00e9".repeat(300) + "'/></iq>", "urn:" + "\u00e9".repeat(300)));
    }

    @ParameterizedTest
    @MethodSource("stanzas")
    void isFound(String xml, String namespace) {
        assertThat(ChildNamespace.of(StanzaXml.parse(xml))).isEqualTo(namespace);
    }

    /** The parser's word on each stanza of the fuzz corpus, and on what becomes of it. */
    @Test
    void isWhatTheParserSays() throws Exception {
        Mutations mutations = Mutations.of("stanzas", new Random(Long.getLong("seed", 1)));
        int read = 0;
        for (int run = 0; run < Integer.getInteger("fuzz.runs", 15_000); run++) {
            Stanza stanza;
            try {
                stanza = StanzaXml.parse(mutations.next());
            } catch (IllegalArgumentException e) {
                continue;
            }
            read++;
            String expected = stanza.children() == 0 ? null : firstChild(stanza);
            assertThat(ChildNamespace.of(stanza)).as(stanza.toXml()).isEqualTo(expected);
        }
        assertThat(read).isPositive();
    }

    private static String firstChild(Stanza stanza) throws Exception {
        XMLStreamReader reader = StanzaXml.reader(stanza.toBytes());
        reader.nextTag();
        while (reader.next() != XMLStreamConstants.START_ELEMENT) {
            // Text.
        }
        String namespace = reader.getNamespaceURI();
        return namespace == null || namespace.isEmpty() ? null : namespace;
    }
}
