package org.clientproxy.xml;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.clientproxy.fuzz.Mutations;
import org.clientproxy.xmpp.Attribute;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Hostile octets between two good stanzas, however they are split: what we accept Woodstox accepts too, and reads the
 * same; what we forward of it is well-formed inside our stream and reads back as it was.
 */
class StanzaFuzzTest {
    private static final String OURS =
            "<stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' to='d'>";

    /** Stream headers as servers send them, and as they could. */
    private static final List<String> HEADERS = List.of(
            "<?xml version='1.0'?><stream:stream xmlns:stream='http://etherx.jabber.org/streams'"
                    + " xmlns='jabber:component:accept' id='1' from='proxy.example'>",
            "<stream:stream xmlns='jabber:component:accept' xmlns:x='urn:x' xmlns:p='urn:p' id='1'"
                    + " xmlns:stream='http://etherx.jabber.org/streams'>",
            "<s:stream xmlns='jabber:client' xmlns:c='jabber:component:accept' xmlns:s='http://etherx.jabber.org/streams'"
                    + " xmlns:x='urn:x' id='1'>");

    private static final String PROBE = "<c:iq xmlns:c='jabber:component:accept' id='probe'/>";
    private static final FramerLimits LIMITS = new FramerLimits(600, 4000, 5, 6);

    /** What a stream came to: what was read and passed over, and how it ended. */
    private record Outcome(
            List<Stanza> stanzas,
            List<String> events,
            @Nullable String error) {}

    static Stream<String> corpus() {
        return Mutations.files("stanzas").keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void isReadAlikeHoweverItIsSplit(String file) throws Exception {
        byte[] octets = Mutations.files("stanzas").get(file).getBytes(ISO_8859_1);
        for (String header : HEADERS) {
            Outcome whole = read(header, octets, List.of());
            check(header, octets, whole);
            for (int at = 1; at < octets.length; at++) {
                assertThat(read(header, octets, List.of(at)).events()).isEqualTo(whole.events());
            }
            List<Integer> everywhere =
                    Stream.iterate(1, at -> at + 1).limit(octets.length - 1).toList();
            assertThat(read(header, octets, everywhere).events()).isEqualTo(whole.events());
        }
    }

    @Test
    void nothingThatIsAcceptedIsReadOtherwiseByWoodstoxOrByOurPeers() throws Exception {
        long seed = Long.getLong("seed", 1);
        int runs = Integer.getInteger("fuzz.runs", 25_000);
        Random random = new Random(seed);
        Mutations mutations = Mutations.of("stanzas", random);
        int accepted = 0;
        for (int run = 0; run < runs; run++) {
            byte[] octets = mutations.next();
            String header = HEADERS.get(random.nextInt(HEADERS.size()));
            try {
                Outcome whole = read(header, octets, List.of());
                TreeSet<Integer> splits = new TreeSet<>();
                for (int i = random.nextInt(4); i >= 0; i--) {
                    splits.add(random.nextInt(octets.length));
                }
                assertThat(read(header, octets, splits).events()).isEqualTo(whole.events());
                accepted += check(header, octets, whole);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "-Dseed=" + seed + ", run " + run + ": " + e.getMessage() + "\n" + new String(octets, UTF_8),
                        e);
            }
        }
        assertThat(accepted).as("accepted").isGreaterThan(runs / 10);
    }

    /** Says how many stanzas were accepted. */
    private static int check(String header, byte[] octets, Outcome outcome) {
        List<List<String>> seen = new ArrayList<>();
        boolean wellFormed = byWoodstox(header.getBytes(UTF_8), octets, seen);
        // What comes after the end of a stream is ignored.
        boolean whole = outcome.stanzas().stream().anyMatch(stanza -> "probe".equals(stanza.id()));
        if (outcome.error() == null && whole) {
            assertThat(wellFormed || outcome.events().toString().contains("skipped"))
                    .as("Woodstox accepts")
                    .isTrue();
        }
        int checked = 0;
        for (Stanza stanza : outcome.stanzas()) {
            if ("probe".equals(stanza.id())) {
                continue;
            }
            checked++;
            List<List<String>> alone = new ArrayList<>();
            assertThat(byWoodstox(new byte[0], stanza.toBytes(), alone))
                    .as("alone")
                    .isTrue();
            if (wellFormed) {
                assertThat(seen).containsAll(alone);
            }
            assertThat(declared(stanza))
                    .isEqualTo(alone.get(0).subList(1, 1 + declared(stanza).size()));
            forwarded(stanza);
        }
        return checked;
    }

    private static void forwarded(Stanza stanza) {
        Stanza sent =
                stanza.readdressed(Jid.parse("proxy.example/e"), Jid.parse("worker@some.example/a'\u05d0"), "<&>\"");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            sent.writeTo(out);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        byte[] octets = out.toByteArray();
        assertThat(octets).hasSize(sent.octets());
        List<List<String>> inStream = new ArrayList<>();
        assertThat(byWoodstox(OURS.getBytes(UTF_8), octets, inStream))
                .as("forwarded")
                .isTrue();
        FramerLimits wide = new FramerLimits(1 << 20, 1 << 20, 256, 256);
        Outcome back = read(OURS, octets, List.of(), wide);
        assertThat(back.stanzas()).hasSize(2);
        Stanza read = back.stanzas().get(0);
        assertThat(read.attributes()).isEqualTo(sent.attributes());
        assertThat(read.content()).isEqualTo(stanza.content());
        assertThat(read.children()).isEqualTo(stanza.children());
        assertThat(read.kind()).isEqualTo(stanza.kind());
        assertThat(rest(read)).containsExactlyElementsOf(rest(stanza));
        try {
            assertThat(StanzaXml.toDocument(stanza).getDocumentElement()).isNotNull();
        } catch (IllegalArgumentException e) {
            assertThat(stanza.toXml()).as("an element that no DOM takes").contains("<xmlns");
        }
    }

    private static List<Attribute> rest(Stanza stanza) {
        return stanza.attributes().stream()
                .filter(attribute -> !List.of("from", "to", "id").contains(attribute.name()))
                .toList();
    }

    private static Outcome read(String header, byte[] octets, Iterable<Integer> splits) {
        return read(header, octets, splits, LIMITS);
    }

    private static Outcome read(String header, byte[] octets, Iterable<Integer> splits, FramerLimits limits) {
        Outcome outcome = new Outcome(new ArrayList<>(), new ArrayList<>(), null);
        StanzaFramer framer = new StanzaFramer(limits, new Recorder(outcome));
        try {
            framer.feed(Unpooled.copiedBuffer(header, UTF_8));
            int from = 0;
            for (int at : splits) {
                framer.feed(Unpooled.wrappedBuffer(octets, from, at - from));
                from = at;
            }
            framer.feed(Unpooled.wrappedBuffer(octets, from, octets.length - from));
            framer.feed(Unpooled.copiedBuffer(PROBE + endOf(header), UTF_8));
        } catch (StreamErrorException e) {
            outcome.events().add("error " + e.getMessage());
            return new Outcome(outcome.stanzas(), outcome.events(), e.getMessage());
        }
        return outcome;
    }

    private record Recorder(Outcome outcome, StanzaReader[] reader) implements StanzaFramer.Handler {
        Recorder(Outcome outcome) {
            this(outcome, new StanzaReader[1]);
        }

        @Override
        public void streamHeader(StartTag header) {
            reader[0] = new StanzaReader(header);
        }

        @Override
        public void element(Frame frame) {
            Stanza stanza = reader[0].read(frame);
            outcome.events()
                    .add(frame.startTag() + " " + new String(frame.octets(), UTF_8) + frame.contentOffset() + ' '
                            + frame.contentLength());
            if (stanza != null) {
                outcome.stanzas().add(stanza);
            }
        }

        @Override
        public void skipped(@Nullable StartTag startTag, SkipReason reason, long octets) {
            outcome.events().add("skipped " + octets);
        }

        @Override
        public void streamEnd() {
            outcome.events().add("end");
        }
    }

    private static List<String> declared(Stanza stanza) {
        return stanza.attributes().stream()
                .filter(attribute ->
                        !attribute.name().equals("xmlns") && !attribute.name().startsWith("xmlns:"))
                .map(attribute -> attribute.name() + "=" + attribute.value())
                .toList();
    }

    /** Whether it is well-formed in a stream with this header; each element at the top as a list of what is in it. */
    private static boolean byWoodstox(byte[] header, byte[] octets, List<List<String>> elements) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(header);
        whole.writeBytes(octets);
        if (header.length > 0) {
            whole.writeBytes(endOf(new String(header, UTF_8)).getBytes(UTF_8));
        }
        int top = header.length > 0 ? 1 : 0;
        int depth = 0;
        try {
            XMLStreamReader reader = StanzaXml.reader(whole.toByteArray());
            while (reader.hasNext()) {
                switch (reader.next()) {
                    case XMLStreamConstants.START_ELEMENT -> {
                        if (depth++ == top) {
                            elements.add(new ArrayList<>());
                        }
                        if (depth > top) {
                            start(reader, elements.get(elements.size() - 1));
                        }
                    }
                    case XMLStreamConstants.END_ELEMENT -> {
                        if (depth-- > top) {
                            elements.get(elements.size() - 1).add("/");
                        }
                    }
                    case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
                        if (depth > top) {
                            text(elements.get(elements.size() - 1), reader.getText());
                        }
                    }
                    default -> {}
                }
            }
            return depth == 0;
        } catch (XMLStreamException | com.ctc.wstx.exc.WstxLazyException e) {
            return false;
        }
    }

    private static String endOf(String header) {
        int name = header.indexOf("<s") + 1;
        return "</" + header.substring(name, header.indexOf(' ', name)) + ">";
    }

    private static void start(XMLStreamReader reader, List<String> into) {
        into.add("{" + reader.getNamespaceURI() + "}" + reader.getLocalName());
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            String prefix = reader.getAttributePrefix(i);
            into.add((prefix == null || prefix.isEmpty() ? "" : prefix + ":") + reader.getAttributeLocalName(i) + "="
                    + reader.getAttributeValue(i));
        }
    }

    private static void text(List<String> into, String text) {
        int last = into.size() - 1;
        if (into.get(last).startsWith("\u0001")) {
            into.set(last, into.get(last) + text);
        } else {
            into.add("\u0001" + text);
        }
    }
}
