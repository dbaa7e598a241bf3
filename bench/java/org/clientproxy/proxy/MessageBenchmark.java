package org.clientproxy.proxy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.util.FileUtil;
import org.clientproxy.proxy.settings.MessageKeys;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A message there, and one there and one back, through the routes, beside which {@link RoundTripBenchmark} is a request and its reply. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MessageBenchmark {
    /** So much time passes for each, that none is too fast. */
    private static final Duration EACH = Duration.ofNanos(2_000);

    private @Nullable ProxyFixture proxy;
    private @Nullable Path directory;
    private final Stanza message = StanzaXml.parse("<message type='chat' id='1234' from='" + ProxyFixture.ALICE
            + "' to='proxy.example'><body>Is anybody there?</body></message>");

    @Setup
    public void prepare() throws Exception {
        directory = Files.createTempDirectory("client-proxy-bench");
        // As the shipped program sets its context up.
        DefaultCamelContext context = new DefaultCamelContext();
        context.disableJMX();
        context.setCaseInsensitiveHeaders(false);
        proxy = ProxyFixture.start(context, directory, settings -> settings.with(MessageKeys.MESSAGES, true)
                        .with(MessageKeys.MESSAGE_RATE, 1_000_000))
                .ready(ProxyFixture.A, ProxyFixture.B);
    }

    @TearDown
    public void end() {
        proxy.close();
        FileUtil.removeDir(directory.toFile());
    }

    @Benchmark
    public Stanza there() {
        proxy.pass(EACH);
        proxy.stream().receive(message);
        return proxy.stream().takeSent().get(0);
    }

    @Benchmark
    public Stanza thereAndBack() {
        proxy.pass(EACH);
        proxy.stream().receive(message);
        Stanza forwarded = proxy.stream().takeSent().get(0);
        proxy.stream().receive(forwarded.readdressed(forwarded.toJid(), forwarded.fromJid()));
        return proxy.stream().takeSent().get(0);
    }
}
