package org.clientproxy.proxy.jat;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.clientproxy.proxy.settings.EncodedFrom;
import org.clientproxy.xmpp.Jid;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The encoded-from: of a requester who asked lately, of one who did not, and both read back. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TokenBenchmark {
    private final JatCodec codec = new JatCodec(Jid.parse("proxy.example"), List.of(new byte[32]), EncodedFrom.TOKEN);
    private final String token = codec.encode("user@some.example/abc", "proxy.example");
    // More than are kept.
    private final List<String> tokens = IntStream.range(0, 1 << 14)
            .mapToObj(number -> codec.encode("user" + number + "@some.example/abc", "proxy.example"))
            .toList();
    private long counter;

    @Benchmark
    public Jid known() {
        return codec.encodedFrom("user@some.example/abc", "proxy.example");
    }

    @Benchmark
    public Jid unknown() {
        return codec.encodedFrom("user" + counter++ + "@some.example/abc", "proxy.example");
    }

    @Benchmark
    public Optional<JatCodec.Decoded> decodesKnown() {
        return codec.decode(token);
    }

    @Benchmark
    public Optional<JatCodec.Decoded> decodesUnknown() {
        return codec.decode(tokens.get((int) counter++ & tokens.size() - 1));
    }
}
