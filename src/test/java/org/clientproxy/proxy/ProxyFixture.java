package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.clientproxy.component.XmppComponent;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.proxy.routes.PendingRepository;
import org.clientproxy.proxy.settings.PendingKind;
import org.clientproxy.proxy.settings.PoolKeys;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.RequestKeys;
import org.clientproxy.proxy.settings.RouteKeys;
import org.clientproxy.proxy.settings.SelectionPolicy;
import org.clientproxy.proxy.settings.ServerKeys;
import org.clientproxy.stream.SimulatedLoop;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;

/**
 * One proxy with its real routes in a Camel context, over a stream without a socket and on a simulated clock. Alice and Bob
 * are requesters, {@code worker@some.example/a} and {@code /b} resources of the target.
 */
public final class ProxyFixture implements AutoCloseable {
    public static final String ALICE = "alice@some.example/home";
    public static final String BOB = "bob@other.example/phone";
    public static final String A = "worker@some.example/a";
    public static final String B = "worker@some.example/b";
    static final String PROXY = "proxy.example";
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final Path dataDir;
    private final Instant origin;
    public final SimulatedLoop loop = new SimulatedLoop();
    public final CamelContext context;
    final InMemoryStream[] streams = new InMemoryStream[1];
    public final ClientProxy proxy;

    ProxyFixture(Path dataDir, UnaryOperator<ProxySettings> change, Customizer customizer) throws Exception {
        this(withoutBeans(), dataDir, change, customizer, BEGIN, new SecureRandom());
    }

    /** To make beans for JMX would take most of the time of a start. */
    private static CamelContext withoutBeans() {
        DefaultCamelContext context = new DefaultCamelContext();
        context.disableJMX();
        return context;
    }

    private ProxyFixture(
            CamelContext context,
            Path dataDir,
            UnaryOperator<ProxySettings> change,
            Customizer customizer,
            Instant begin,
            Random random)
            throws Exception {
        this.context = context;
        this.origin = begin.minusNanos(loop.nanoTime());
        this.dataDir = dataDir;
        context.getShutdownStrategy().setTimeout(5);
        XmppComponent component = new XmppComponent();
        component.setStreamFactory(settings -> streams[0] = new InMemoryStream(settings, loop));
        context.addComponent("xmpp-component", component);
        proxy = ClientProxy.addTo(
                context, change.apply(settings(dataDir)), DefaultCamelContext::new, this::now, random);
        customizer.customize(context);
        context.start();
    }

    /** The next process, so long after this one was killed, on what that one left in its data directory. */
    ProxyFixture killedAndStarted(Path nextDataDir, Duration down, UnaryOperator<ProxySettings> change)
            throws Exception {
        try (Stream<Path> files = Files.walk(dataDir)) {
            for (Path file : files.toList()) {
                // The octets of mapped files, as the operating system has them when the process ends.
                Files.copy(
                        file,
                        nextDataDir.resolve(dataDir.relativize(file).toString()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return new ProxyFixture(withoutBeans(), nextDataDir, change, each -> {}, now().plus(down), new SecureRandom());
    }

    private Instant now() {
        return origin.plusNanos(loop.nanoTime());
    }

    /** Changes the context before it starts. */
    @FunctionalInterface
    interface Customizer {
        void customize(CamelContext context) throws Exception;
    }

    public static ProxyFixture start(Path dataDir) throws Exception {
        return start(dataDir, settings -> settings);
    }

    /** In a context that has something special already. */
    public static ProxyFixture start(CamelContext context, Path dataDir) throws Exception {
        return start(context, dataDir, settings -> settings);
    }

    /** The same, with other settings. */
    public static ProxyFixture start(CamelContext context, Path dataDir, UnaryOperator<ProxySettings> change)
            throws Exception {
        return new ProxyFixture(context, dataDir, change, each -> {}, BEGIN, new SecureRandom());
    }

    public static ProxyFixture start(Path dataDir, UnaryOperator<ProxySettings> change) throws Exception {
        return new ProxyFixture(dataDir, change, context -> {});
    }

    /** One whose ids and choices come from this. */
    static ProxyFixture start(Path dataDir, UnaryOperator<ProxySettings> change, Random random) throws Exception {
        return new ProxyFixture(withoutBeans(), dataDir, change, each -> {}, BEGIN, random);
    }

    /** The defaults, but for what a test must be able to foretell, and to start often. */
    public static ProxySettings settings(Path dataDir) {
        return ProxySettings.of("proxy", Jid.parse(PROXY), Jid.parse("worker@some.example"))
                .with(ServerKeys.SECRET, "secret")
                .with(PoolKeys.SELECTION, SelectionPolicy.ROUND_ROBIN)
                .with(RequestKeys.MAX_PENDING_SIZE, 64L << 20)
                .with(RequestKeys.PENDING, PendingKind.MEMORY)
                .with(RequestKeys.DATA_DIR, dataDir)
                // The route tests run on the file, too (see the POM).
                .with(RouteKeys.ROUTES, List.of(System.getProperty("test.routes", "java")));
    }

    PendingRequests pendingRequests() {
        return context.getRegistry()
                .lookupByNameAndType("proxy-pending-requests", PendingRepository.class)
                .pendingRequests();
    }

    public InMemoryStream stream() {
        return streams[0];
    }

    /** The stream gets ready, the target is subscribed to, and these resources are there. */
    public ProxyFixture ready(String... resources) {
        stream().become(StreamState.READY);
        receive("<presence from='worker@some.example' to='proxy.example' type='subscribed'/>");
        for (String resource : resources) {
            comes(resource);
        }
        if (resources.length == 0) {
            receive("<presence from='worker@some.example' to='proxy.example' type='unavailable'/>");
        }
        stream().takeSent();
        return this;
    }

    public void comes(String resource) {
        receive("<presence from='" + resource + "' to='proxy.example'/>");
    }

    public void leaves(String resource) {
        receive("<presence from='" + resource + "' to='proxy.example' type='unavailable'/>");
    }

    void receive(String xml) {
        stream().receive(StanzaXml.parse(xml));
    }

    /** A request of type get, from this requester to the bare proxy host. */
    public void get(String requester, String id) {
        receive("<iq type='get' id='" + id + "' from='" + requester + "' to='proxy.example'>"
                + "<query xmlns='urn:example:q'/></iq>");
    }

    public void set(String requester, String id) {
        receive("<iq type='set' id='" + id + "' from='" + requester + "' to='proxy.example'>"
                + "<query xmlns='urn:example:q'/></iq>");
    }

    /** The resource replies to a forwarded request with an empty result. */
    public void result(Stanza forwarded) {
        receive(forwarded.result("").toXml());
    }

    public void error(Stanza forwarded, String condition) {
        receive("<iq type='error' id='" + forwarded.id() + "' from='" + forwarded.to() + "' to='" + forwarded.from()
                + "'><error type='cancel'><" + condition
                + " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
    }

    public void pass(Duration time) {
        loop.advance(time);
    }

    /** All that was sent since the last look, but for presences. */
    public List<Stanza> sent() {
        List<Stanza> sent = new ArrayList<>(stream().takeSent());
        sent.removeIf(stanza -> stanza.kind() == Stanza.Kind.PRESENCE);
        return sent;
    }

    /** The only stanza sent since the last look, but for presences. */
    public Stanza onlySent() {
        List<Stanza> sent = sent();
        assertThat(sent).hasSize(1);
        return sent.get(0);
    }

    List<Stanza> sentPresences() {
        List<Stanza> sent = new ArrayList<>(stream().takeSent());
        sent.removeIf(stanza -> stanza.kind() != Stanza.Kind.PRESENCE);
        return sent;
    }

    @Override
    public void close() {
        stream().become(StreamState.DISCONNECTED);
        // Camel awaits what the loop has to do for the stop.
        Thread stopper = new Thread(context::stop, "stop");
        stopper.start();
        while (stopper.isAlive()) {
            loop.advance(Duration.ofSeconds(1));
            Thread.onSpinWait();
        }
    }
}
