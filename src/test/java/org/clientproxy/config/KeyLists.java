package org.clientproxy.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.clientproxy.proxy.settings.ConfigKey;
import org.clientproxy.proxy.settings.ConfigKeys;
import org.clientproxy.proxy.settings.KeySection;

/** The places that list the keys of the configuration, as the declarations of the keys make them. */
final class KeyLists {
    /** What is said at each place that is written from the declarations. */
    static final String WRITTEN =
            "written by KeyListsTest: edit the declarations of the keys in org.clientproxy.proxy.settings";

    private static final int WIDTH = 125;

    private static final String PROPERTIES = """
            # The configuration of the client proxy, in UTF-8. It is read from the working directory. Each key can also be set as an environment
            # variable, which is stronger: upper case, with _ for . and - (PROXY_REPLY_TIMEOUT for proxy.reply-timeout).
            # Durations: 5s, 2m, 500ms, 1h, or milliseconds. Sizes: 512KiB, 1MiB, or octets. What is commented out shows the default.
            # An edit is taken within seconds; docs/configuration.md says of each key whether that holds at once, at the next connection to
            # the server, or by a restart of the proxy inside the process. What is wrong is said in the log, and changes nothing.
            # (This file is WRITTEN.)
            """;

    private static final String SEVERAL = """

            # ---- Several proxies in one process ----

            # Names, and for each name the keys above over the common ones: proxy.a.domain, proxy.a.target, proxy.a.xmpp.secret …
            #proxies=a,b
            """;

    private static final String KARAF = """
            # The client proxy in Karaf, in UTF-8. A further proxy has a file of its own beside this one, org.clientproxy-NAME.cfg, where
            # NAME is of lower-case letters and digits. An edit is taken within seconds; docs/configuration.md says of each key whether
            # that holds at once, at the next connection to the server, or by a restart of the proxy of this file. What is wrong is said
            # in the log, and the proxy goes on as it was.
            #
            # Required are xmpp.secret (or xmpp.secret-file), proxy.domain and proxy.target. ${karaf.etc} and the like stand for
            # directories of Karaf, and $[env:NAME] for an environment variable. Route files are often
            # proxy.routes=file:${karaf.etc}/client-proxy/*.yaml. By default each proxy, that is each file, has a quarter of Karaf's
            # largest heap for pending requests: with several, or beside other bundles that need much, set proxy.max-pending-size.
            # "karaf clean" spares the directory that proxy.data-dir has by default.
            #
            # Durations: 5s, 2m, 500ms, 1h, or milliseconds. Sizes: 512KiB, 1MiB, or octets. What is commented out shows the default.
            # (This file is WRITTEN.)
            """;

    private static final String PAGE = """
            # Configuration

            <!-- This page is WRITTEN. -->

            `application.properties` is read from the working directory, in UTF-8. Each key can also be set as an environment variable,
            which is stronger: upper case, with `_` for `.` and `-`, so `PROXY_REPLY_TIMEOUT` for `proxy.reply-timeout`. In Karaf the keys
            stand in `etc/org.clientproxy.cfg` ([deploying.md](deploying.md)).

            Durations are `5s`, `2m`, `500ms`, `1h`, or milliseconds. Sizes are `512KiB`, `1MiB`, or octets. A key that is missing, unknown
            or contradictory stops the start with exit code 2; all that is wrong is said at once, with what is allowed.

            An edit of the file is taken within seconds, while the process runs. The column *edit* says how: `now`, without a break;
            at the `next connection` to the server; or by a `restart` of that proxy inside the process. A wrong edit changes nothing
            ([operating.md](operating.md#changing-the-configuration)).
            """;

    private static final String SEVERAL_PAGE = """

            ## Several proxies in one process

            `proxies=a,b` names them. Each name has keys of its own, which are stronger than the common ones: `proxy.a.domain`,
            `proxy.a.reply-timeout`, and `proxy.a.xmpp.host` for a proxy on another server.
            """;

    private KeyLists() {}

    /** Those of a proxy and, last, those of the process. */
    private static List<KeySection> sections() {
        return Stream.concat(ConfigKeys.SECTIONS.stream(), Stream.of(ConfigKeys.OF_PROCESS))
                .toList();
    }

    /** {@code application.properties}. */
    static String properties() {
        return written(PROPERTIES) + commented(Map.of()) + SEVERAL;
    }

    /** {@code org.clientproxy.cfg}, in which Karaf's own defaults stand. */
    static String karaf() {
        return written(KARAF) + commented(Map.of("proxy.data-dir", "${karaf.base}/client-proxy"));
    }

    /** The configuration that the Debian package installs: its secret and its data have places of their own. */
    static String debian() {
        return properties()
                .replace("#xmpp.secret-file=\n", "xmpp.secret-file=/etc/client-proxy/secret\n")
                .replace("#proxy.data-dir=data\n", "proxy.data-dir=/var/lib/client-proxy\n");
    }

    /** The table of the README, with the lines around it that say where it comes from. */
    static String table() {
        StringBuilder table = new StringBuilder("<!-- This table is " + WRITTEN + " -->\n\n");
        table.append("| key | default | meaning |\n|---|---|---|\n");
        for (KeySection section : sections()) {
            for (ConfigKey<?> key : section.keys()) {
                table.append(row(code(key.key()), shownDefault(key), linked(key.meaning(), "docs/")));
            }
        }
        table.append(row(code(WrittenValues.PROXIES), "–", "the names of several proxies, separated by commas"));
        return table.append("\n<!-- End of the table -->\n").toString();
    }

    /** {@code docs/configuration.md}. */
    static String page() {
        StringBuilder page = new StringBuilder(written(PAGE));
        for (KeySection section : sections()) {
            page.append("\n## ")
                    .append(section.title())
                    .append("\n\n| key | default | allowed | edit | meaning |\n|---|---|---|---|---|\n");
            for (ConfigKey<?> key : section.keys()) {
                String allowed = key.allowed().replace("*", "\\*");
                page.append(row(code(key.key()), shownDefault(key), allowed, edit(key), linked(key.meaning(), "")));
            }
        }
        return page + SEVERAL_PAGE;
    }

    private static String edit(ConfigKey<?> key) {
        return switch (key.effect()) {
            case NOW -> "now";
            case NEXT_CONNECTION -> "next connection";
            case RESTART -> "restart";
            case NEXT_START -> "next start of the process";
        };
    }

    private static String written(String text) {
        return text.replace("WRITTEN", WRITTEN);
    }

    /** Each key with its default, commented out, below a comment that says what it means. */
    private static String commented(Map<String, String> otherDefaults) {
        StringBuilder lines = new StringBuilder();
        for (KeySection section : sections()) {
            lines.append("\n# ---- ").append(section.title()).append(" ----\n\n");
            for (ConfigKey<?> key : section.keys()) {
                String empty = key.whereEmpty().isEmpty() ? "" : " Empty: " + key.whereEmpty() + ".";
                wrapped((sentence(key.meaning()) + empty).replace("`", ""))
                        .forEach(line -> lines.append("# ").append(line).append('\n'));
                String value = Objects.requireNonNullElse(key.defaultText(), "");
                lines.append('#')
                        .append(key.key())
                        .append('=')
                        .append(otherDefaults.getOrDefault(key.key(), value))
                        .append('\n');
            }
        }
        return lines.toString();
    }

    private static String sentence(String phrase) {
        return Character.toUpperCase(phrase.charAt(0)) + phrase.substring(1) + ".";
    }

    private static List<String> wrapped(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    private static String row(String... cells) {
        return List.of(cells).stream().collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    private static String code(String text) {
        return '`' + text + '`';
    }

    private static String shownDefault(ConfigKey<?> key) {
        String value = Objects.requireNonNullElse(key.defaultText(), "");
        if (!value.isEmpty()) {
            return code(value);
        }
        return key.whereEmpty().isEmpty() ? "–" : key.whereEmpty();
    }

    /** With links to the pages that are named, from where the folder of the pages is {@code folder}. */
    private static String linked(String meaning, String folder) {
        return meaning.replaceAll("docs/([a-z]+\\.md)", "[" + folder + "$1](" + folder + "$1)");
    }
}
