package org.clientproxy.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.clientproxy.xml.Frame;
import org.clientproxy.xml.FramerLimits;
import org.clientproxy.xml.SkipReason;
import org.clientproxy.xml.StanzaFramer;
import org.clientproxy.xml.StanzaReader;
import org.clientproxy.xml.StartTag;
import org.clientproxy.xml.StreamErrorException;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Framer, reader and writer, for a stanza with so large a payload. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StreamBenchmark implements StanzaFramer.Handler {
    @Param({"100", "10000"})
    public int payload;

    private final Jid proxy = Jid.parse("proxy.example/AQAVdXNlckBzb21lLmV4YW1wbGUvYWJjy8kSPUnIMOTo6R0I4Z7Tow");
    private final Jid resource = Jid.parse("worker@some.example/a");
    private StanzaFramer framer = new StanzaFramer(FramerLimits.of(512 * 1024), this);
    private ByteBuf octets = Unpooled.EMPTY_BUFFER;
    private @Nullable Frame frame;
    private @Nullable StanzaReader reader;
    private @Nullable Stanza stanza;

    @Setup
    public void prepare() throws StreamErrorException {
        framer.feed(Unpooled.copiedBuffer(
                "<stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' id='1'>",
                StandardCharsets.UTF_8));
        octets = Unpooled.copiedBuffer(
                "<iq type='get' id='1234' from='user@some.example/abc' to='proxy.example'><query xmlns='urn:example:q'>"
                        + "0123456789".repeat(payload / 10) + "</query></iq>",
                StandardCharsets.UTF_8);
        framer.feed(octets.duplicate());
        stanza = reader.read(frame);
    }

    @Benchmark
    public @Nullable Frame frames() throws StreamErrorException {
        framer.feed(octets.duplicate());
        return frame;
    }

    @Benchmark
    public @Nullable Stanza reads() {
        return reader.read(frame);
    }

    @Benchmark
    public Stanza readdressesAndWrites() throws IOException {
        Stanza readdressed = stanza.readdressed(proxy, resource, "1234");
        readdressed.writeTo(OutputStream.nullOutputStream());
        return readdressed;
    }

    @Override
    public void streamHeader(StartTag header) {
        reader = new StanzaReader(header);
    }

    @Override
    public void element(Frame element) {
        frame = element;
    }

    @Override
    public void skipped(@Nullable StartTag startTag, SkipReason reason, long size) {
        throw new IllegalStateException("passed over: " + reason);
    }

    @Override
    public void streamEnd() {
        throw new IllegalStateException("the stream ended");
    }
}
