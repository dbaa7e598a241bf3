package org.clientproxy.proxy.pending;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.clientproxy.proxy.ProxyFixture;
import org.clientproxy.proxy.SettingsBuilder;
import org.clientproxy.proxy.settings.PendingKind;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Stanza;

/**
 * What {@code proxy.pending=file} costs: CPU time of the loop's thread per request through the whole routes, without framing
 * and sockets, alternating with {@code memory} in one run. A program, not a test:
 * {@code mvn -q test-compile exec:exec -Dexec.executable=java -Dexec.args="-cp %classpath
 * org.clientproxy.proxy.pending.PendingCost"}. Batches of 32 requests of 100 octets each; {@code -Dbatch} and {@code -Dpayload}
 * before {@code -cp} change that.
 */
public final class PendingCost {
    private static final int BATCH = Integer.getInteger("batch", 32);
    private static final String PAYLOAD = "x".repeat(Integer.getInteger("payload", 100));
    private static final int REQUESTS = 100_000;
    private static final int ROUNDS = 16;

    private PendingCost() {}

    public static void main(String[] args) throws Exception {
        Path directory = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "pending-cost");
        ProxyFixture[] proxies = new ProxyFixture[2];
        double[] nanos = new double[2];
        for (PendingKind kind : PendingKind.values()) {
            proxies[kind.ordinal()] = ProxyFixture.start(
                    Files.createDirectory(directory.resolve(kind.name())),
                    settings -> new SettingsBuilder(settings).pending(kind).build());
            proxies[kind.ordinal()].ready(ProxyFixture.A, ProxyFixture.B);
        }
        for (int round = 0; round < ROUNDS; round++) {
            for (PendingKind kind : PendingKind.values()) {
                long spent = round(proxies[kind.ordinal()], round);
                // The first half is for the compiler.
                nanos[kind.ordinal()] += round < ROUNDS / 2 ? 0 : spent;
            }
        }
        double per = 1e3 * REQUESTS * (ROUNDS - ROUNDS / 2);
        System.out.printf(
                "memory %.2f us, file %.2f us of CPU per request: %+.1f %%%n",
                nanos[0] / per, nanos[1] / per, 100 * (nanos[1] / nanos[0] - 1));
        for (ProxyFixture proxy : proxies) {
            proxy.close();
        }
    }

    private static long round(ProxyFixture proxy, int round) {
        long spent = 0;
        for (int i = 0; i < REQUESTS; i += BATCH) {
            List<Stanza> requests = new ArrayList<>();
            for (int j = i; j < i + BATCH; j++) {
                requests.add(StanzaXml.parse("<iq type='get' id='" + round + "-" + j + "' from='user" + j % 100
                        + "@some.example/home' to='proxy.example'><query xmlns='urn:example:q'>" + PAYLOAD
                        + "</query></iq>"));
            }
            spent += pass(proxy, requests);
            List<Stanza> replies = new ArrayList<>();
            for (Stanza forwarded : proxy.sent()) {
                replies.add(forwarded.result(""));
            }
            spent += pass(proxy, replies);
            if (proxy.sent().size() != BATCH) {
                throw new IllegalStateException("an answer is missing");
            }
            proxy.pass(Duration.ofMillis(1));
        }
        return spent;
    }

    /** The stream takes a batch in and writes what comes of it. */
    private static long pass(ProxyFixture proxy, List<Stanza> stanzas) {
        long begin = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        for (Stanza stanza : stanzas) {
            proxy.stream().receive(stanza);
        }
        proxy.stream().write();
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begin;
    }
}
