package org.clientproxy.scenarios;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.clientproxy.loopback.XmppServer;
import org.clientproxy.servers.EjabberdServer;
import org.clientproxy.servers.ProsodyServer;

/**
 * Every fault under load on every installed server; writes the tables of docs/reliability.md. To be started by {@code mvn -q
 * test-compile exec:java@faults}, with names of {@link Fault} in {@code -Dfaults=} for some of them only, which are printed
 * and not written.
 */
public final class Faults {
    private static final Path PAGE = Path.of("docs/reliability.md");
    private static final String HEADER = """
            | fault | requests | results | errors | doubled | forged | requester gone | unanswered | longest pause |
            |---|---|---|---|---|---|---|---|---|
            """;

    private Faults() {}

    @FunctionalInterface
    private interface Maker {
        XmppServer make() throws Exception;
    }

    public static void main(String[] args) throws Exception {
        String chosen = System.getProperty("faults", "");
        List<Fault> faults = chosen.isEmpty()
                ? List.of(Fault.values())
                : Arrays.stream(chosen.split(",")).map(Fault::valueOf).toList();
        Map<String, Maker> servers = new LinkedHashMap<>();
        if (ProsodyServer.isInstalled()) {
            servers.put("Prosody", () -> new ProsodyServer(ProxyScenarios.ACCOUNTS));
        }
        if (EjabberdServer.isInstalled()) {
            servers.put("ejabberd", () -> new EjabberdServer(ProxyScenarios.ACCOUNTS));
        }
        StringBuilder tables = new StringBuilder();
        for (Map.Entry<String, Maker> server : servers.entrySet()) {
            System.out.println(server.getKey());
            StringBuilder rows = new StringBuilder();
            for (Fault fault : faults) {
                String row = row(server.getValue().make(), fault);
                System.out.println(row);
                rows.append(row).append('\n');
            }
            tables.append("**")
                    .append(server.getKey())
                    .append("**\n\n")
                    .append(HEADER)
                    .append(rows)
                    .append('\n');
        }
        if (chosen.isEmpty()) {
            Generated.write(PAGE, "faults", tables.toString().strip());
        }
        System.exit(0);
    }

    private static String row(XmppServer server, Fault fault) {
        try (FaultRun run = new FaultRun(server, fault)) {
            return run.run();
        } catch (Exception | AssertionError e) {
            return "| " + fault.words + " | FAILED: "
                    + String.valueOf(e.getMessage()).lines().collect(Collectors.joining(" ")) + " |";
        }
    }

    /** A part of a page that a command writes, between two comments. */
    static final class Generated {
        private Generated() {}

        static void write(Path page, String name, String text) throws Exception {
            String begin = "<!-- begin " + name + " -->";
            String end = "<!-- end " + name + " -->";
            String before = Files.readString(page);
            int from = before.indexOf(begin);
            int to = before.indexOf(end);
            if (from < 0 || to < from) {
                throw new IllegalStateException(page + " has no " + begin + " and " + end);
            }
            Files.writeString(
                    page, before.substring(0, from + begin.length()) + "\n\n" + text + "\n\n" + before.substring(to));
        }
    }
}
