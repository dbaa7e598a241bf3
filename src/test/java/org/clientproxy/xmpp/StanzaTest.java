package org.clientproxy.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.StanzaError.Condition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StanzaTest {
    private static final String PAYLOAD = "<q xmlns='urn:q'>\u05d0</q>";

    private final Stanza request = Stanza.of(Stanza.Kind.IQ, "get", "1", "a@b/c", "d", PAYLOAD);

    private static String written(Stanza stanza) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        stanza.writeTo(out);
        assertThat(out.size()).isEqualTo(stanza.octets());
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void writesWhatItIs() throws Exception {
        assertThat(written(request)).isEqualTo("<iq type='get' id='1' from='a@b/c' to='d'>" + PAYLOAD + "</iq>");
        assertThat(written(Stanza.of(Stanza.Kind.PRESENCE, null, null, null, "d", "")))
                .isEqualTo("<presence to='d'/>");
        assertThat(request.toXml()).startsWith("<iq xmlns='jabber:component:accept' type='get'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a@b/c",
                "a@b",
                "b",
                "a@b/it's <&> \"me\"",
                "a@b/\u05d0",
                "A@xn--bcher-kva.example/Q",
                "b./c",
                "\u05d0@b/c"
            })
    void writesEachAddressSoThatItReadsBack(String address) throws Exception {
        Jid jid = Jid.parse(address);
        Stanza passedOn = StanzaXml.parse(request.readdressed(jid, jid.bare()).toXml());
        assertThat(passedOn.from()).isEqualTo(address);
        assertThat(passedOn.to()).isEqualTo(jid.bare().toString());
        Stanza session =
                request.readdressed(jid.bare().withResource("r'&"), jid.bare().withResource("r"));
        assertThat(StanzaXml.parse(session.toXml()).from()).isEqualTo(jid.bare() + "/r'&");
        assertThat(written(session)).contains(" to='" + jid.bare() + "/r'");
    }

    @Test
    void isTheSameWhereItIsKept() throws Exception {
        Stanza read = StanzaXml.parse("<iq xml:lang='de' type='set' id='1' from='a@b/c' to='d'>" + PAYLOAD + "</iq>");
        Jid host = Jid.parse("d");
        Stanza kept = read.compact(host);
        assertThat(kept.attributes()).isEqualTo(read.attributes());
        assertThat(written(kept)).isEqualTo(written(read));
        assertThat(kept.toJid()).isSameAs(host);
        assertThat(kept.to()).isSameAs(host.toString());
        assertThat(kept.type()).isSameAs("set");
        assertThat(kept.id()).isSameAs(read.id());
        assertThat(kept.isChecked()).isTrue();
        assertThat(kept.compact(host)).isSameAs(kept);
        assertThat(written(kept.readdressed(Jid.parse("e"), Jid.parse("f"), "2")))
                .isEqualTo(written(read.readdressed(Jid.parse("e"), Jid.parse("f"), "2")));

        Stanza elsewhere = read.compact(Jid.parse("D"));
        assertThat(elsewhere.to()).isEqualTo("d");
        assertThat(elsewhere.toJid()).isEqualTo(host);
        assertThat(request.compact(host).isChecked()).isFalse();
    }

    @Test
    void changesAddressesAndNothingElse() throws Exception {
        Stanza other = new Stanza(
                Stanza.Kind.IQ,
                "c:iq",
                List.of(
                        new Attribute("to", "x"),
                        new Attribute("xml:lang", "he"),
                        new Attribute("type", "set"),
                        new Attribute("xmlns:c", Namespaces.COMPONENT)),
                PAYLOAD.getBytes(StandardCharsets.UTF_8),
                0,
                PAYLOAD.getBytes(StandardCharsets.UTF_8).length,
                1);
        assertThat(written(other.readdressed(Jid.parse("f"), Jid.parse("t"), "\"'<&>\n\t")))
                .isEqualTo("<c:iq to='t' xml:lang='he' type='set' xmlns:c='jabber:component:accept' from='f' "
                        + "id='\"&#39;&lt;&amp;>&#10;&#9;'>" + PAYLOAD + "</c:iq>");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "plain|'plain'",
                "it's|\"it's\"",
                "'\"'|\"'&#34;'\"",
                "\"'\"|'\"&#39;\"'",
                "\"\"|'\"\"'",
                "a>b<c&d|'a>b&lt;c&amp;d'",
                "\u20ac\ud83d\udc2b|'\u20ac\ud83d\udc2b'"
            })
    void writesAnAttributeInAsFewOctetsAsXmlAllows(String value, String written) {
        StringBuilder out = new StringBuilder();
        XmlText.attribute(value, out);
        assertThat(out).hasToString(written);
        Stanza stanza = Stanza.of(Stanza.Kind.IQ, "get", value + "\t\r\n", "a@b", "c", "");
        assertThat(StanzaXml.parse(stanza.toXml()).id()).isEqualTo(value + "\t\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0000", "\u001f", "\ud800", "\udc00", "\udc00\ud800", "\ufffe", "\uffff"})
    void writesNoCharacterThatADocumentMayNotHave(String text) throws Exception {
        String wire = written(request.error(StanzaError.of(Condition.BAD_REQUEST, "a" + text + "z")));
        assertThat(wire).contains(">a" + "\ufffd".repeat(text.length()) + "z<");
        assertThat(written(Stanza.of(Stanza.Kind.IQ, "result", text, "d", "a@b", "")))
                .isEqualTo("<iq type='result' id='" + "\ufffd".repeat(text.length()) + "' from='d' to='a@b'/>");
        assertThat(written(Stanza.of(Stanza.Kind.IQ, "result", "\ud83d\udc2b", "d", "a@b", "")))
                .contains("id='\ud83d\udc2b'");
    }

    @Test
    void answersFromTheAddressThatWasUsed() throws Exception {
        assertThat(written(request.result(""))).isEqualTo("<iq type='result' id='1' from='d' to='a@b/c'/>");
        assertThat(written(request.error(
                        StanzaError.of(Condition.FORBIDDEN, "no <way>").with("urn:clientproxy:errors:0", "own"))))
                .isEqualTo("<iq type='error' id='1' from='d' to='a@b/c'><error type='auth'>"
                        + "<forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
                        + "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas' xml:lang='en'>no &lt;way&gt;</text>"
                        + "<own xmlns='urn:clientproxy:errors:0'/></error></iq>");
    }

    @Test
    void knowsRequestsFromReplies() {
        assertThat(request.isRequest()).isTrue();
        assertThat(request.isReply()).isFalse();
        assertThat(request.result("").isReply()).isTrue();
        assertThat(Stanza.of(Stanza.Kind.MESSAGE, "get", "1", "a", "b", "").isRequest())
                .isFalse();
        assertThat(Stanza.of(Stanza.Kind.IQ, null, "1", "a", "b", "").isRequest())
                .isFalse();
    }

    @Test
    void saysNothingOfItsContentInALog() {
        assertThat(request.toString()).contains("a@b/c").doesNotContain("urn:q");
    }

    @ParameterizedTest
    @EnumSource(Condition.class)
    void conditionsHaveTheNamesOfTheRfc(Condition condition) {
        assertThat(condition.xmlName()).matches("[a-z]+(-[a-z]+)*");
        assertThat(Condition.of(condition.xmlName())).isEqualTo(condition);
    }

    @ParameterizedTest
    @EnumSource(StreamError.Condition.class)
    void streamConditionsToo(StreamError.Condition condition) {
        assertThat(StreamError.Condition.of(condition.xmlName())).isEqualTo(condition);
        assertThat(new StreamError(condition, "x<").toXml())
                .contains("<" + condition.xmlName() + " ")
                .contains("x&lt;");
    }
}
