package org.clientproxy.xml;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What hostile elements cost: memory in proportion to {@code maxStanzaSize}, whatever their size, and processor time in
 * proportion to their octets. Each is compared with good stanzas of the same size in the same run, never with a clock.
 */
class HostileCostTest {
    private static final int MAX_STANZA = 512 * 1024;
    private static final int PACKET = 16 * 1024;
    private static final String HEADER =
            "<stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' id='1'>";
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private enum Hostile {
        /** 100 000 attributes in one start tag. */
        ATTRIBUTES(1_700_000, n -> " a" + n + "='12345'", "<iq type='get'", "><q/></iq>"),
        /** 100 000 declarations of prefixes in one start tag. */
        NAMESPACES(2_000_000, n -> " xmlns:p" + n + "='urn:" + n + "'", "<iq type='get'><q", "/></iq>"),
        /** A declaration in each of 100 000 elements, one after the other. */
        SCOPES(3_000_000, n -> "<p:q xmlns:p='urn:" + n + "'/>", "<iq type='get'>", "</iq>"),
        /** Each element inside the one before. */
        DEPTH(1_000_000, n -> "<a>", "<iq type='get'>", ""),
        /** As many attributes as are allowed, in element after element, whose names differ at their end. */
        FULL_TAGS(
                500_000,
                n -> (n % 250 == 0 ? (n > 0 ? "/>" : "") + "<q" : "") + " aaaaaaaaaaaaaaaa" + n + "=''",
                "<iq>",
                "/></iq>"),
        /** One attribute, near the hard limit. */
        ATTRIBUTE(60_000_000, n -> "xxxxxxxxxxxxxxxx", "<iq type='get'><q a='", "'/></iq>"),
        /** The same in the start tag of the stanza, of which some attributes are kept. */
        TAG_ATTRIBUTE(60_000_000, n -> "xxxxxxxxxxxxxxxx", "<iq type='get' a='", "'><q/></iq>"),
        /** One of those that are kept, near the hard limit. */
        ID(60_000_000, n -> "xxxxxxxxxxxxxxxx", "<iq type='get' id='", "'><q/></iq>"),
        /** The name of an attribute, near the hard limit. */
        NAME(60_000_000, n -> "xxxxxxxxxxxxxxxx", "<iq type='get' a", "='1'><q/></iq>"),
        /** One text, near the hard limit. */
        TEXT(60_000_000, n -> "xxxx&amp;xxxxxx", "<iq type='get'><q>", "</q></iq>"),
        /** The same end of a section that is none, again and again. */
        BRACKETS(5_000_000, n -> "]]]]]]]]]]]]]]]]", "<iq type='get'><q>", "</q></iq>");

        private final byte[] octets;

        Hostile(int size, IntFunction<String> piece, String head, String tail) {
            StringBuilder text = new StringBuilder(size + 100).append(head);
            for (int n = 0; text.length() < size; n++) {
                text.append(piece.apply(n));
            }
            octets = text.append(tail).toString().getBytes(US_ASCII);
        }
    }

    private record Cost(long nanos, long allocated, int elements, int skipped) {}

    @ParameterizedTest
    @EnumSource(Hostile.class)
    void isBoundedInMemoryAndLinearInTime(Hostile hostile) {
        byte[] good = good(hostile.octets.length);
        cost(good, PACKET);
        Cost compared = least(good);
        Cost cost = least(hostile.octets);
        assertThat(cost.nanos())
                .as("CPU of %s against %s", cost, compared)
                .isLessThan(20 * compared.nanos() + 50_000_000);
        // A buffer that is doubled until it holds a stanza, and what a start tag is read into. Where there are tags and
        // references without end, each leaves some garbage, which is in proportion to them.
        boolean garbage = hostile == Hostile.SCOPES || hostile == Hostile.TEXT;
        assertThat(cost.allocated())
                .as("octets allocated for %d", hostile.octets.length)
                .isLessThan(16L * MAX_STANZA + (garbage ? 12L * hostile.octets.length : 0));
    }

    @Test
    void octetByOctetCostsAsMuchMemoryAsAtOnce() {
        byte[] stanza = ("<iq type='get'><q>" + "x".repeat(400_000) + "</q></iq>").getBytes(US_ASCII);
        Cost drip = cost(stanza, 1);
        assertThat(drip.elements()).isEqualTo(1);
        assertThat(drip.allocated()).isLessThan(16L * MAX_STANZA);
        byte[] half = ("<iq type='get'><q>" + "x".repeat(200_000) + "</q></iq>").getBytes(US_ASCII);
        long of200k = Math.min(cost(half, 1).nanos(), cost(half, 1).nanos());
        assertThat(cost(stanza, 1).nanos()).isLessThan(8 * of200k + 50_000_000);
    }

    /** Stanzas as they usually are, of so many octets in all. */
    private static byte[] good(int size) {
        String stanza = "<iq type='get' id='1234' from='user@some.example/abc' to='proxy.example'>"
                + "<query xmlns='urn:example:q' node='n'><item a='1'>some text</item></query></iq>";
        return stanza.repeat(size / stanza.length() + 1).getBytes(US_ASCII);
    }

    private static Cost least(byte[] octets) {
        Cost least = cost(octets, PACKET);
        for (int i = 0; i < 2; i++) {
            Cost next = cost(octets, PACKET);
            least = next.nanos() < least.nanos() ? next : least;
        }
        return least;
    }

    private static Cost cost(byte[] octets, int packet) {
        int[] counts = new int[2];
        StanzaFramer framer = new StanzaFramer(FramerLimits.of(MAX_STANZA), new StanzaFramer.Handler() {
            @Override
            public void streamHeader(StartTag header) {
                // Nothing to be done with it.
            }

            @Override
            public void element(Frame frame) {
                counts[0]++;
            }

            @Override
            public void skipped(@Nullable StartTag startTag, SkipReason reason, long size) {
                counts[1]++;
            }

            @Override
            public void streamEnd() {
                // There is none.
            }
        });
        long id = Thread.currentThread().getId();
        try {
            framer.feed(Unpooled.copiedBuffer(HEADER, US_ASCII));
            var whole = Unpooled.wrappedBuffer(octets);
            long nanos = THREADS.getCurrentThreadCpuTime();
            long allocated = THREADS.getThreadAllocatedBytes(id);
            for (int at = 0; at < octets.length; at += packet) {
                // One buffer, moved on: what is allocated is the framer's.
                whole.setIndex(at, Math.min(octets.length, at + packet));
                framer.feed(whole);
            }
            allocated = THREADS.getThreadAllocatedBytes(id) - allocated;
            return new Cost(THREADS.getCurrentThreadCpuTime() - nanos, allocated, counts[0], counts[1]);
        } catch (StreamErrorException e) {
            throw new AssertionError(e);
        }
    }
}
