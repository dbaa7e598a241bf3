package org.clientproxy.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.util.FileUtil;
import org.clientproxy.loopback.XmppServer;
import org.clientproxy.servers.EjabberdServer;
import org.clientproxy.servers.ProsodyServer;
import org.clientproxy.servers.ProsodyWithClientProxy;

/**
 * Measures the ways to serve requests behind a real server, one after the other under the same load, and writes the first table of
 * {@code docs/performance.md}.
 */
final class Peers {
    private static final Map<String, String> ACCOUNTS = Map.of("worker", "pw", "alice", "pw");

    /** Answers before it is measured, so that compilers have done their work. */
    private static final long WARM_UP = 30_000;

    private final double seconds = Integer.getInteger("seconds", 10);
    private final Table table =
            new Table("<!-- begin: written by bench/peers -->", "<!-- end: written by bench/peers -->");

    /** What serves, beside the server. */
    private record Way(String name, XmppServer server, int workers, List<String> command) {}

    private Peers() {}

    public static void main(String[] arguments) throws Exception {
        new Peers().all();
        System.exit(0);
    }

    private void all() throws Exception {
        table.line(
                "Measured on %s, %d processors, %d requesters with %d requests open each, all on one machine; %.0f s each.",
                LocalDate.now(),
                Runtime.getRuntime().availableProcessors(),
                PeerLoad.REQUESTERS,
                PeerLoad.WINDOW,
                seconds);
        table.line("");
        table.line(
                "| server | what serves | round trips/s | p50, p99 (ms) | CPU seconds of the server and of what serves,"
                        + " for 100,000 |");
        table.line("|---|---|---|---|---|");
        if (ProsodyServer.isInstalled()) {
            run(new Way("Camel Client Proxy, two workers", new ProsodyServer(ACCOUNTS), 2, proxy()));
            clientProxyModule();
            run(new Way("a component on Whack 2.0.1", new ProsodyServer(ACCOUNTS), 0, whack()));
            run(new Way("a component on slixmpp", new ProsodyServer(ACCOUNTS), 0, slixmpp()));
            run(new Way("a component on the stream of this project", new ProsodyServer(ACCOUNTS), 0, echo(1)));
        }
        if (EjabberdServer.isInstalled()) {
            run(new Way("Camel Client Proxy, two workers", new EjabberdServer(ACCOUNTS), 2, proxy()));
            run(new Way(
                    "two connections of a component, between which ejabberd divides requests",
                    new EjabberdServer(ACCOUNTS),
                    0,
                    echo(2)));
        }
        table.write();
    }

    private void clientProxyModule() throws Exception {
        String folder = System.getenv("PROSODY_MODULES");
        if (folder == null || !Files.exists(Path.of(folder, "mod_client_proxy.lua"))) {
            row(
                    "Prosody",
                    "mod_client_proxy, two workers",
                    "not measured: PROSODY_MODULES names no folder with it",
                    "",
                    "");
            return;
        }
        run(new Way(
                "mod_client_proxy, two workers", new ProsodyWithClientProxy(ACCOUNTS, Path.of(folder)), 2, List.of()));
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static List<String> proxy() {
        // As bin/client-proxy starts it.
        return List.of(
                java(),
                "-XX:+UseSerialGC",
                "-Xms16m",
                "-Xmx512m",
                "-jar",
                Path.of("target/camel-client-proxy.jar").toAbsolutePath().toString());
    }

    private static List<String> echo(int connections) {
        return List.of(
                java(),
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                EchoComponent.class.getName(),
                "PORT",
                "proxy.localhost",
                "" + connections);
    }

    private static List<String> whack() {
        return List.of(
                java(),
                "-XX:+UseSerialGC",
                "-Xmx512m",
                // It keeps preferences of its user.
                "-Djava.util.prefs.userRoot=" + Path.of("target/peers").toAbsolutePath(),
                "-cp",
                Path.of("target/peers").toAbsolutePath() + "/*",
                Path.of("bench/peers/WhackEcho.java").toAbsolutePath().toString(),
                "PORT");
    }

    private static List<String> slixmpp() {
        return List.of(
                "/usr/bin/python3",
                Path.of("bench/peers/slixmpp_echo.py").toAbsolutePath().toString(),
                "PORT");
    }

    private void run(Way way) throws Exception {
        String serverName = way.server() instanceof EjabberdServer ? "ejabberd" : "Prosody";
        Path directory = Files.createTempDirectory("client-proxy-peers");
        Process subject = null;
        try (XmppServer server = way.server();
                PeerLoad load = new PeerLoad(server, "load", PeerLoad.REQUESTERS, PeerLoad.WINDOW)) {
            server.start();
            if (!way.command().isEmpty()) {
                subject = start(way.command(), server, directory);
            }
            load.workers(way.workers());
            load.awaitServed();
            load.begin();
            load.warmUp(WARM_UP);
            Duration before = cpu();
            Load.Result result = load.measure(seconds);
            double cpu = cpu().minus(before).toMillis() / 1000.0 / result.answers() * 100_000;
            row(
                    serverName,
                    way.name(),
                    String.format(Locale.ROOT, "%.0f", result.perSecond()),
                    String.format(Locale.ROOT, "%.1f, %.1f", result.millis(50), result.millis(99)),
                    String.format(Locale.ROOT, "%.1f", cpu));
        } catch (IllegalStateException e) {
            row(serverName, way.name(), "failed: " + e.getMessage(), "", "");
            if (subject != null) {
                System.out.println(Files.readString(directory.resolve("log")));
            }
        } finally {
            if (subject != null) {
                subject.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
            }
            FileUtil.removeDir(directory.toFile());
        }
    }

    private static Process start(List<String> command, XmppServer server, Path directory) throws Exception {
        List<String> words = command.stream()
                .map(word -> word.equals("PORT") ? "" + server.componentPort() : word)
                .toList();
        ProcessBuilder builder = new ProcessBuilder(words).directory(directory.toFile());
        builder.environment()
                .putAll(Map.of(
                        "XMPP_HOST",
                        "127.0.0.1",
                        "XMPP_PORT",
                        "" + server.componentPort(),
                        "XMPP_SECRET",
                        server.componentSecret(),
                        "PROXY_DOMAIN",
                        server.componentDomain(),
                        "PROXY_TARGET",
                        "worker@" + server.domain(),
                        "LOG_LEVEL",
                        "WARN"));
        return builder.redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
    }

    /** What all processes that this one started have used: the server, and what serves. */
    private static Duration cpu() {
        return ProcessHandle.current()
                .descendants()
                .map(each -> each.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    private void row(String server, String way, String perSecond, String latency, String cpu) {
        table.line("| %s | %s | %s | %s | %s |", server, way, perSecond, latency, cpu);
    }
}
