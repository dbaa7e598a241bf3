package org.clientproxy.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.clientproxy.servers.EjabberdServer;
import org.clientproxy.servers.ProsodyServer;
import org.clientproxy.servers.ProsodyWithClientProxy;

/**
 * Measures the ways to serve requests under the same load, behind real servers and without one, and writes the first table of
 * {@code docs/performance.md}. All ways behind one server take turns, for some rounds.
 */
final class Peers {
    private static final Map<String, String> ACCOUNTS = Map.of("worker", "pw", "alice", "pw");

    private final double seconds = Integer.getInteger("seconds", 5);
    private final int rounds = Integer.getInteger("rounds", 3);
    private final Table table =
            new Table("<!-- begin: written by bench/peers -->", "<!-- end: written by bench/peers -->");

    private final Way limit = new Way("the limit program, two workers", 2, java(Limit.class, "PORT"));
    private final Way proxy = new Way("Camel Client Proxy, two workers", 2, proxy());
    private final Way whack = new Way("a component on Whack 2.0.1", 0, whack());
    private final Way slixmpp = new Way("a component on slixmpp", 0, slixmpp());
    private final Way own = new Way("a component on the stream of this project", 0, echo(1));

    private interface Round {
        /** @param calm how many round trips a second the open loop has; 0: half of what this one reaches */
        Way.Measured run(Way way, int calm) throws Exception;
    }

    private Peers() {}

    public static void main(String[] arguments) throws Exception {
        new Peers().all();
        System.exit(0);
    }

    private void all() throws Exception {
        table.line(
                "Measured on %s, %d processors, %d requesters with %d requests open each, all on one machine; medians of %d rounds of"
                        + " %.0f s in turns.",
                LocalDate.now(),
                Runtime.getRuntime().availableProcessors(),
                PeerLoad.REQUESTERS,
                PeerLoad.WINDOW,
                rounds,
                seconds);
        table.line("");
        table.line("| server | what serves | round trips/s | of the limit program | p50, p99 (ms) |"
                + " at half the limit program's rate: p50, p99 (ms) |"
                + " CPU seconds of the server and of what serves, for 100,000 |");
        table.line("|---|---|---|---|---|---|---|");
        if (ProsodyServer.isInstalled()) {
            prosody();
        }
        if (EjabberdServer.isInstalled()) {
            Way divided =
                    new Way("two connections of a component, between which ejabberd divides requests", 0, echo(2));
            inTurns(
                    "ejabberd",
                    List.of(limit, proxy, divided),
                    (way, calm) -> way.behind(() -> new EjabberdServer(ACCOUNTS), seconds, calm));
        }
        inTurns("none", List.of(limit, proxy, whack, slixmpp, own), (way, calm) -> way.directly(seconds));
        table.write();
    }

    private void prosody() throws Exception {
        Path folder = Path.of(System.getenv().getOrDefault("PROSODY_MODULES", ""));
        boolean compared = Files.exists(folder.resolve("mod_client_proxy.lua"));
        Way module = new Way("mod_client_proxy, two workers", 2, List.of());
        List<Way> ways = new ArrayList<>(List.of(limit, proxy));
        if (compared) {
            ways.add(module);
        }
        ways.addAll(List.of(whack, slixmpp, own));
        inTurns(
                "Prosody",
                ways,
                (way, calm) -> way.behind(
                        () -> way == module
                                ? new ProsodyWithClientProxy(ACCOUNTS, folder)
                                : new ProsodyServer(ACCOUNTS),
                        seconds,
                        calm));
        if (!compared) {
            table.line(
                    "| Prosody | %s | not measured: PROSODY_MODULES names no folder with it | | | | |", module.name());
        }
    }

    /** @param ways of which the first says what half of a rate is, and what the others are compared with */
    private void inTurns(String server, List<Way> ways, Round round) throws Exception {
        List<List<Way.Measured>> measured = new ArrayList<>();
        ways.forEach(way -> measured.add(new ArrayList<>()));
        int calm = 0;
        for (int i = 0; i < rounds; i++) {
            for (int way = 0; way < ways.size(); way++) {
                Way.Measured result = round.run(ways.get(way), calm);
                measured.get(way).add(result);
                if (calm == 0) {
                    calm = result.half();
                }
                System.out.printf(
                        Locale.ROOT,
                        "round %d, %s, %s: %.0f/s%n",
                        i + 1,
                        server,
                        ways.get(way).name(),
                        result.peak().perSecond());
            }
        }
        double[] limits = values(measured.get(0), each -> each.peak().perSecond());
        for (int way = 0; way < ways.size(); way++) {
            List<Way.Measured> results = measured.get(way);
            double[] rates = values(results, each -> each.peak().perSecond());
            table.line(
                    "| %s | %s | %.0f | %.2f | %.1f, %.1f | %s | %.1f |",
                    server,
                    ways.get(way).name(),
                    Table.median(rates),
                    Table.ratio(rates, limits),
                    Table.median(values(results, each -> each.peak().millis(50))),
                    Table.median(values(results, each -> each.peak().millis(99))),
                    calm(results, calm),
                    Table.median(values(results, Way.Measured::cpu)));
        }
    }

    private static String calm(List<Way.Measured> results, int perSecond) {
        if (results.get(0).calm() == null) {
            return "–";
        }
        return String.format(
                Locale.ROOT,
                "%d/s: %.1f, %.1f",
                perSecond,
                Table.median(values(results, each -> each.calm().millis(50))),
                Table.median(values(results, each -> each.calm().millis(99))));
    }

    private static double[] values(List<Way.Measured> results, ToDoubleFunction<Way.Measured> of) {
        return results.stream().mapToDouble(of).toArray();
    }

    private static List<String> java(Class<?> main, String... arguments) {
        List<String> words = new ArrayList<>(jvm());
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        words.addAll(List.of(arguments));
        return words;
    }

    /** As bin/client-proxy starts it. */
    private static List<String> jvm() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xms16m",
                "-Xmx512m");
    }

    private static List<String> proxy() {
        List<String> words = new ArrayList<>(jvm());
        words.addAll(List.of(
                "-jar",
                Path.of("target/camel-client-proxy.jar").toAbsolutePath().toString()));
        return words;
    }

    private static List<String> echo(int connections) {
        return java(EchoComponent.class, "PORT", "DOMAIN", "" + connections);
    }

    private static List<String> whack() {
        String peers = Path.of("target/peers").toAbsolutePath().toString();
        List<String> words = new ArrayList<>(jvm());
        words.addAll(List.of(
                // It keeps preferences of its user.
                "-Djava.util.prefs.userRoot=" + peers,
                "-cp",
                peers + "/*",
                Path.of("bench/peers/WhackEcho.java").toAbsolutePath().toString(),
                "PORT"));
        return words;
    }

    private static List<String> slixmpp() {
        return List.of(
                "/usr/bin/python3",
                Path.of("bench/peers/slixmpp_echo.py").toAbsolutePath().toString(),
                "PORT");
    }
}
