package org.clientproxy.xml;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import javax.xml.stream.XMLStreamReader;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link StanzaFuzzTest} found, each in its shortest form. */
class FoundByFuzzingTest {
    @ParameterizedTest
    @ValueSource(strings = {"<iq a='\u00d7=\u0090'/>", "<iq>\u00d7 \u0090</iq>", "<iq a='\u00e2\u0082 \u00ac'/>"})
    void theOctetsOfACharacterFollowEachOther(String octets) {
        assertThatThrownBy(() -> StanzaXml.parse(octets.getBytes(ISO_8859_1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("UTF-8");
    }

    @Test
    void aDocumentOfItsOwnDeclaresThePrefixOfTheStream() throws Exception {
        Stanza stanza = StanzaXml.parse("<iq stream:a='1' id='1'><q xmlns='u'><stream:r/></q></iq>");
        XMLStreamReader reader = StanzaXml.reader(stanza.toBytes());
        reader.nextTag();
        assertThat(reader.getAttributeValue("http://etherx.jabber.org/streams", "a"))
                .isEqualTo("1");
        Stanza error = StanzaXml.parse("<iq type='error' id='1'><error type='cancel' stream:a='1'/></iq>");
        assertThat(StanzaXml.errorOf(error)).isNotNull();
    }

    @Test
    void aStanzaWithAPrefixLeavesItsContentInTheNamespaceOfTheStream() {
        Stanza error = StanzaXml.parse(
                "<c:iq xmlns:c='jabber:component:accept' type='error' id='1'><error type='cancel'/></c:iq>");
        assertThat(StanzaXml.errorOf(error)).isNotNull();
    }

    @Test
    void anElementThatNoDomTakesIsRefusedWithAReason() {
        Stanza stanza = StanzaXml.parse("<iq id='1'><xmlns/></iq>");
        assertThatThrownBy(() -> StanzaXml.toDocument(stanza)).isInstanceOf(IllegalArgumentException.class);
    }
}
