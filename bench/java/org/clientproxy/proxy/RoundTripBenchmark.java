package org.clientproxy.proxy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.util.FileUtil;
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

/** One request and its reply through the routes, from stanza to stanza, without stream and socket. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RoundTripBenchmark {
    private @Nullable ProxyFixture proxy;
    private @Nullable Path directory;
    private final Stanza request = StanzaXml.parse("<iq type='get' id='1234' from='" + ProxyFixture.ALICE
            + "' to='proxy.example'><query xmlns='urn:example:q'/></iq>");

    @Setup
    public void prepare() throws Exception {
        directory = Files.createTempDirectory("client-proxy-bench");
        // As the shipped program sets its context up.
        DefaultCamelContext context = new DefaultCamelContext();
        context.disableJMX();
        context.setCaseInsensitiveHeaders(false);
        proxy = ProxyFixture.start(context, directory).ready(ProxyFixture.A, ProxyFixture.B);
    }

    @TearDown
    public void end() {
        proxy.close();
        FileUtil.removeDir(directory.toFile());
    }

    @Benchmark
    public Stanza roundTrip() {
        proxy.stream().receive(request);
        Stanza forwarded = proxy.stream().takeSent().get(0);
        proxy.stream().receive(forwarded.result(""));
        return proxy.stream().takeSent().get(0);
    }
}
