package org.clientproxy.proxy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.IntFunction;
import org.apache.camel.util.FileUtil;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.proxy.settings.PendingKind;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Stanza;

/**
 * How much heap pending requests take, by their kind, and how much {@code proxy.max-pending-size} counts for them; as a table
 * for {@code docs/performance.md}. Each kind is pending at a proxy of its own, recorded in files as by default.
 */
public final class PendingMemory {
    private static final String HEBREW = "\u05d0";

    private record Kind(String name, int requests, IntFunction<String> xml) {}

    private PendingMemory() {}

    public static void main(String[] args) throws Exception {
        String large = "x".repeat(500 * 1024);
        String euro = "\u20ac" + "x".repeat(500 * 1024);
        String part = "y".repeat(1000);
        String hebrew = HEBREW.repeat(500);
        Kind[] kinds = {
            new Kind(
                    "100 octets of payload", 50_000, i -> iq("i" + i, "a" + i + "@some.example/home", "x".repeat(100))),
            new Kind("4 KiB of payload", 20_000, i -> iq("i" + i, "a" + i + "@some.example/home", "x".repeat(4096))),
            new Kind("500 KiB of payload", 200, i -> iq("i" + i, "a" + i + "@some.example/home", large)),
            new Kind(
                    "250 KiB of Hebrew as payload",
                    400,
                    i -> iq("i" + i, "a" + i + "@some.example/home", HEBREW.repeat(125 * 1024))),
            new Kind("an id of 500 KiB", 200, i -> iq(large + i, "a" + i + "@some.example/home", "")),
            new Kind("an id of 500 KiB with one €", 200, i -> iq(euro + i, "a" + i + "@some.example/home", "")),
            new Kind("an address of 2 KB", 20_000, i -> iq("i" + i, part + i + "@some.example/" + part, "")),
            new Kind(
                    "an address of 2 KB in Hebrew",
                    20_000,
                    i -> iq("i" + i, hebrew + i + "@some.example/" + hebrew, ""))
        };
        System.out.println(
                "| each request has | octets on the wire | octets of heap | heap per octet | counted per octet of heap |");
        System.out.println("|---|---|---|---|---|");
        measure(kinds[0]);
        for (Kind kind : kinds) {
            System.out.println(measure(kind));
        }
    }

    private static String iq(String id, String from, String payload) {
        return "<iq type='get' id='" + id + "' from='" + from + "' to='proxy.example'><query xmlns='urn:example:q'>"
                + payload + "</query></iq>";
    }

    private static String measure(Kind kind) throws Exception {
        Path directory = Files.createTempDirectory("client-proxy-bench");
        try (ProxyFixture proxy = ProxyFixture.start(directory, s -> new SettingsBuilder(s)
                .pending(PendingKind.FILE)
                .maxPendingSize(1L << 40)
                .build())) {
            proxy.ready(ProxyFixture.A, ProxyFixture.B);
            PendingRequests pending = proxy.pendingRequests();
            long before = used();
            long wire = 0;
            for (int i = 0; i < kind.requests(); i++) {
                Stanza request = StanzaXml.parse(kind.xml().apply(i));
                wire += request.octets();
                proxy.stream().receive(StanzaXml.parse(kind.xml().apply(i)));
                proxy.stream().takeSent();
            }
            if (pending.size() != kind.requests()) {
                throw new IllegalStateException("not all are pending");
            }
            double heap = used() - before;
            return String.format(
                    Locale.ROOT,
                    "| %s | %d | %.0f | %.2f | %.2f |",
                    kind.name(),
                    wire / kind.requests(),
                    heap / kind.requests(),
                    heap / wire,
                    pending.octets() / heap);
        } finally {
            FileUtil.removeDir(directory.toFile());
        }
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
