package org.clientproxy.xml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.clientproxy.xmpp.StreamError;
import org.clientproxy.xmpp.StreamError.Condition;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables of what is cut into elements, what is passed over, and what ends the stream; whole and at every split. */
class StanzaFramerTest {
    static final String HEADER = "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' "
            + "xmlns:stream='http://etherx.jabber.org/streams' id='1'>";

    /** Writes down what it is told. */
    static class Recorder implements StanzaFramer.Handler {
        final List<String> events = new ArrayList<>();

        @Override
        public void streamHeader(StartTag header) {
            events.add("header " + header.name() + " " + header.attribute("id"));
        }

        @Override
        public void element(Frame frame) {
            String content =
                    new String(frame.octets(), frame.contentOffset(), frame.contentLength(), StandardCharsets.UTF_8);
            events.add(frame.startTag().name() + frame.startTag().attributes() + frame.children() + " " + content);
        }

        @Override
        public void skipped(StartTag startTag, SkipReason reason, long octets) {
            events.add("skipped " + reason + " " + (startTag == null ? null : startTag.name()) + " " + octets);
        }

        @Override
        public void streamEnd() {
            events.add("end");
        }
    }

    static final FramerLimits LIMITS = new FramerLimits(2000, 100_000, 10, 20);

    /** Feeds in pieces that end at these offsets. */
    static List<String> frame(byte[] octets, int... splits) throws StreamErrorException {
        Recorder recorder = new Recorder();
        StanzaFramer framer = new StanzaFramer(LIMITS, recorder);
        int from = 0;
        for (int split : splits) {
            framer.feed(Unpooled.wrappedBuffer(octets, from, split - from));
            from = split;
        }
        framer.feed(Unpooled.wrappedBuffer(octets, from, octets.length - from));
        return recorder.events;
    }

    private static List<String> frameBytewise(byte[] octets) throws StreamErrorException {
        int[] splits = new int[octets.length];
        for (int i = 0; i < splits.length; i++) {
            splits[i] = i;
        }
        return frame(octets, splits);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<iq/>",
                "<iq type='get' id=\"a'b\"/>",
                "<iq  a = '1'\n\tb='2' ><q/></iq >",
                "<iq><q xmlns='urn:q'>text &amp; &#x41; &lt;</q><b/></iq>",
                "<iq id='&amp;&#10;&quot;\u05d0\ud83d\udc2b'><a>\u05d0\ud83d\udc2b\u00e9</a></iq>",
                "<iq><![CDATA[<not> ]] & ]]]></iq>",
                "<message><body>]] > ]</body></message>",
                "<p:iq xmlns:p='jabber:component:accept'><p:q p:a='1' a='2'/></p:iq>",
                "<iq xml:lang='he'><q xmlns='urn:q'><r xmlns=''/></q></iq>",
                "<\u00e9l\u00e9ment \u05d0='1'></\u00e9l\u00e9ment>",
                " \r\n<iq/>\t<presence/> ",
                "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
                "<iq a='tab\there' b='line\nend' c='x\r\ny'/>"
            })
    void cutsTheSameElementsHoweverTheOctetsAreSplit(String xml) throws Exception {
        byte[] octets = utf8(HEADER + xml + "</stream:stream>");
        List<String> whole = frame(octets);
        assertThat(whole)
                .hasSizeGreaterThan(2)
                .startsWith("header stream:stream 1")
                .endsWith("end");
        assertThat(whole).noneMatch(event -> event.startsWith("skipped"));
        assertThat(frameBytewise(octets)).isEqualTo(whole);
        for (int split = 1; split < octets.length; split++) {
            assertThat(frame(octets, split)).as("split at %d", split).isEqualTo(whole);
        }
    }

    @Test
    void readsAttributesAsXmlDoes() throws Exception {
        assertThat(frame(utf8(HEADER + "<iq a='&lt;&#65;\t\n\r\n&#10;' b=\"'\"><x/>t</iq>")))
                .last()
                .isEqualTo("iq[Attribute[name=a, value=<A   \n], Attribute[name=b, value=']]1 <x/>t");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "<iq><!-- x --></iq>|RESTRICTED_XML",
                "<iq><?pi x?></iq>|RESTRICTED_XML",
                "<!DOCTYPE x>|RESTRICTED_XML",
                "<?xml version='1.0'?>|RESTRICTED_XML",
                "<iq>&nbsp;</iq>|RESTRICTED_XML",
                "<iq a='&custom;'/>|RESTRICTED_XML",
                "<iq>&#0;</iq>|NOT_WELL_FORMED",
                "<iq>&#xD800;</iq>|NOT_WELL_FORMED",
                "<iq>& </iq>|NOT_WELL_FORMED",
                "<iq>]]></iq>|NOT_WELL_FORMED",
                "<iq></message>|NOT_WELL_FORMED",
                "<iq><a></iq></a>|NOT_WELL_FORMED",
                "<iq a='1' a='2'/>|NOT_WELL_FORMED",
                "<iq a='1'b='2'/>|NOT_WELL_FORMED",
                "<iq a=1/>|NOT_WELL_FORMED",
                "<iq a/>|NOT_WELL_FORMED",
                "<iq a='<'/>|NOT_WELL_FORMED",
                "<iq / >|NOT_WELL_FORMED",
                "<1q/>|NOT_WELL_FORMED",
                "< iq/>|NOT_WELL_FORMED",
                "</iq>|NOT_WELL_FORMED",
                "<iq></iq x>|NOT_WELL_FORMED",
                "text|BAD_FORMAT",
                "<![CDATA[x]]>|BAD_FORMAT",
                "<iq>\u0001</iq>|NOT_WELL_FORMED",
                "<iq>\uffff</iq>|NOT_WELL_FORMED"
            })
    void endsTheStreamAtWhatXmppForbids(String xml, Condition condition) {
        byte[] octets = utf8(HEADER + xml);
        assertThatThrownBy(() -> frame(octets))
                .extracting("error")
                .isInstanceOfSatisfying(StreamError.class, error -> assertThat(error.condition())
                        .isEqualTo(condition));
        assertThatThrownBy(() -> frameBytewise(octets))
                .extracting("error")
                .asInstanceOf(InstanceOfAssertFactories.type(StreamError.class))
                .extracting(StreamError::condition)
                .isEqualTo(condition);
    }

    @Test
    void endsTheStreamAtOctetsThatAreNoUtf8() {
        int[][] wrong = {
            {0xc0, 0x80},
            {0xc1, 0xbf},
            {0xe0, 0x80, 0x80},
            {0xf0, 0x80, 0x80, 0x80},
            {0xed, 0xa0, 0x80},
            {0xf4, 0x90, 0x80, 0x80},
            {0xff},
            {0x80},
            {0xc3, 0x28},
            {0xe2, 0x82, '<'},
            {0xef, 0xbf, 0xbe}
        };
        for (int[] octets : wrong) {
            byte[] start = utf8(HEADER + "<iq>");
            byte[] all = new byte[start.length + octets.length + 5];
            System.arraycopy(start, 0, all, 0, start.length);
            for (int i = 0; i < octets.length; i++) {
                all[start.length + i] = (byte) octets[i];
            }
            System.arraycopy(utf8("</iq>"), 0, all, start.length + octets.length, 5);
            assertThatThrownBy(() -> frame(all)).isInstanceOf(StreamErrorException.class);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "<iq><a:b/></iq>|skipped BAD_NAMESPACE iq",
                "<iq a:b='1'/>|skipped BAD_NAMESPACE iq",
                "<iq xmlns:a=''/>|skipped BAD_NAMESPACE iq",
                "<iq xmlns:xml='urn:x'/>|skipped BAD_NAMESPACE iq",
                "<iq xmlns:xmlns='urn:x'/>|skipped BAD_NAMESPACE iq",
                "<iq xmlns='http://www.w3.org/2000/xmlns/'/>|skipped BAD_NAMESPACE iq",
                "<iq xmlns:a='u' xmlns:b='u' a:x='1' b:x='2'/>|skipped BAD_NAMESPACE iq",
                "<iq><a:b:c xmlns:a='u'/></iq>|skipped BAD_NAMESPACE iq",
                "<iq><:a/></iq>|skipped BAD_NAMESPACE iq",
                "<iq><b xmlns='' :c='d'/></iq>|skipped BAD_NAMESPACE iq",
                "<iq><a xmlns='u' :b='1'/></iq>|skipped BAD_NAMESPACE iq",
                "<iq><a xmlns:p='u'><b xmlns:p='v'/><p:c/></a><p:d/></iq>|skipped BAD_NAMESPACE iq",
                "<iq><a xmlns:p='u'/><p:b/></iq>|skipped BAD_NAMESPACE iq",
                "<iq><a><a><a><a><a><a><a><a><a><a/></a></a></a></a></a></a></a></a></a></iq>|skipped TOO_DEEP iq"
            })
    void passesOverWhatBreaksNoStreamButMayNotPass(String xml, String event) throws Exception {
        byte[] octets = utf8(HEADER + xml + "<presence/>");
        for (List<String> events : List.of(frame(octets), frameBytewise(octets))) {
            assertThat(events).hasSize(3);
            assertThat(events.get(1)).isEqualTo(event + " " + utf8(xml).length);
            assertThat(events.get(2)).startsWith("presence");
        }
    }

    @Test
    void passesOverWhatIsTooLarge() throws Exception {
        String large = "<iq id='1'><q>" + "x".repeat(3000) + "</q></iq>";
        String manyAttributes = "<iq" + " a".repeat(0) + attributes(30) + "/>";
        String largeTag = "<iq id='" + "y".repeat(3000) + "'/>";
        byte[] octets = utf8(HEADER + large + manyAttributes + largeTag + "<presence/>");
        for (List<String> events : List.of(frame(octets), frameBytewise(octets))) {
            assertThat(events.get(1)).isEqualTo("skipped TOO_LARGE iq " + large.length());
            assertThat(events.get(2)).isEqualTo("skipped TOO_MANY_ATTRIBUTES iq " + manyAttributes.length());
            assertThat(events.get(3)).startsWith("skipped TOO_LARGE").endsWith("" + largeTag.length());
            assertThat(events.get(4)).startsWith("presence");
        }
    }

    /** The attributes by which a stanza finds its way, of the one element that was passed over; null: nothing was kept. */
    private static String named(byte[] octets, int packet) throws StreamErrorException {
        List<String> named = new ArrayList<>();
        StanzaFramer framer = new StanzaFramer(LIMITS, new Recorder() {
            @Override
            public void skipped(StartTag tag, SkipReason reason, long size) {
                named.add(
                        tag == null
                                ? "nothing"
                                : tag.namespace()
                                        + ' '
                                        + tag.localName()
                                        + ' '
                                        + tag.attribute("type")
                                        + ' '
                                        + tag.attribute("id")
                                        + ' '
                                        + tag.attribute("from")
                                        + ' '
                                        + tag.attribute("to"));
                assertThat(size).isEqualTo(octets.length - HEADER.length());
            }
        });
        for (int at = 0; at < octets.length; at += packet) {
            framer.feed(Unpooled.wrappedBuffer(octets, at, Math.min(packet, octets.length - at)));
        }
        assertThat(named).hasSize(1);
        return named.get(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // What is too much stands before, between and behind what names the stanza, or there is too much of it.
                "<iq x='LONG' type='result' id='\u20ac&amp;7' from='a@b/&quot;c' to='p'/>",
                "<iq type='result' id='\u20ac&amp;7' x='LONG' y='LONG' from='a@b/&quot;c' to='p'><q/></iq>",
                "<iq type='result' id='\u20ac&amp;7' from='a@b/&quot;c' to='p' x='LONG'></iq>",
                "<iq MANY type='result' id='\u20ac&amp;7' from='a@b/&quot;c' to='p'/>",
                "<iq type='result' id='\u20ac&amp;7' MANY from='a@b/&quot;c' to='p'><q/></iq>",
                "<iq type='result' MANY x='LONG' id='\u20ac&amp;7' LONG='1' from = 'a@b/&quot;c' to='p'><q/></iq>",
                "<s:iq LONG='1' type='result' id='\u20ac&amp;7' from='a@b/&quot;c'\n xmlns:s='jabber:component:accept' to='p'/>"
            })
    void knowsTheStanzaOfAStartTagThatIsTooMuchHoweverItIsSplit(String xml) throws Exception {
        byte[] octets = utf8(HEADER + xml.replace("LONG", "x".repeat(2500)).replace("MANY", attributes(30)));
        for (int packet : new int[] {1, 2, 3, 5, 7, 64, 1000, 1999, 2100, octets.length}) {
            assertThat(named(octets, packet))
                    .as("in packets of %d", packet)
                    .isEqualTo("jabber:component:accept iq result \u20ac&7 a@b/\"c p");
        }
    }

    @Test
    void knowsTheStanzaWhoseAttributesAreTooLongOnlyAsTheyAreWritten() throws Exception {
        for (String piece : List.of("&quot;", "&#x20AC;", "\r\n", "\ud83d\udc2b", "\u20ac\u20ac&lt;")) {
            String id = piece.repeat(1900 / piece.length());
            byte[] octets = utf8(
                    HEADER + "<iq type='get' id='" + id + "' from='a@b' x='" + "x".repeat(2000) + "' to='p'><q/></iq>");
            String read = frame(utf8(HEADER + "<iq id='" + piece + "'/>")).get(1);
            String character = read.substring(read.indexOf("value=") + 6, read.indexOf("]]"));
            for (int packet : new int[] {1, 2, 3, 5, 7, 64, 1000, 2100, octets.length}) {
                assertThat(named(octets, packet))
                        .as("%s in packets of %d", piece, packet)
                        .isEqualTo(
                                "jabber:component:accept iq get " + character.repeat(1900 / piece.length()) + " a@b p");
            }
        }
    }

    @Test
    void keepsNothingOfAStanzaThatNoAnswerWouldHaveRoomToName() throws Exception {
        for (String attribute : List.of("id", "from", "type", "xmlns")) {
            byte[] octets = utf8(HEADER + "<iq to='p' " + attribute + "='" + "x".repeat(2500) + "'/>");
            for (int packet : new int[] {1, 64, 2000}) {
                assertThat(named(octets, packet)).as(attribute).isEqualTo("nothing");
            }
        }
        byte[] name = utf8(HEADER + "<" + "x".repeat(2500) + " id='1'/>");
        assertThat(named(name, 1)).isEqualTo("nothing");
    }

    @Test
    void endsTheStreamAtAnAttributeThatNamesTheStanzaTwice() {
        for (String tag : List.of("<iq id='1' LONG id='2'/>", "<iq LONG id='1' id='2'/>")) {
            byte[] octets = utf8(HEADER + tag.replace("LONG", attributes(30)));
            assertThatThrownBy(() -> frame(octets)).hasMessageContaining("not-well-formed");
        }
    }

    @Test
    void endsTheStreamAtTheHardLimit() {
        assertThatThrownBy(() -> frame(utf8(HEADER + "<iq>" + "x".repeat(200_000))))
                .isInstanceOf(StreamErrorException.class)
                .hasMessageContaining("policy-violation");
    }

    @Test
    void takesTimeInProportionToWhatItReads() {
        // Quadratic work on these would take minutes.
        Assertions.assertTimeout(Duration.ofSeconds(20), () -> {
            FramerLimits limits = FramerLimits.of(512 * 1024);
            for (String hostile : List.of(
                    "<iq" + attributes(100_000) + "/>",
                    "<iq>" + "<a>".repeat(200_000) + "</a>".repeat(200_000) + "</iq>",
                    "<iq>" + "<a xmlns:p='u'>".repeat(20_000) + "</a>".repeat(20_000) + "</iq>",
                    "<iq a='" + "x".repeat(16_000_000) + "'/>")) {
                Recorder recorder = new Recorder();
                StanzaFramer framer = new StanzaFramer(limits, recorder);
                byte[] octets = utf8(HEADER + hostile);
                for (int at = 0; at < octets.length; at += 777) {
                    framer.feed(Unpooled.wrappedBuffer(octets, at, Math.min(777, octets.length - at)));
                }
                assertThat(recorder.events).hasSize(2).last().asString().startsWith("skipped");
            }
        });
    }

    @Test
    void refusesAnEncodingThatIsNotUtf8() {
        assertThatThrownBy(() -> frame(utf8("<?xml version='1.0' encoding='ISO-8859-1'?><stream:stream "
                        + "xmlns:stream='http://etherx.jabber.org/streams'>")))
                .hasMessageContaining("unsupported-encoding");
    }

    private static String attributes(int count) {
        StringBuilder attributes = new StringBuilder();
        for (int i = 0; i < count; i++) {
            attributes.append(" a").append(i).append("='1'");
        }
        return attributes.toString();
    }
}
