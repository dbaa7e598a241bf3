package org.clientproxy.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * ejabberd from the system's packages, as an Erlang node that takes its control program's connections at a port of its own, so
 * that no epmd is needed.
 */
public final class EjabberdServer extends ServerProcess {
    private static final String NODE = "ejabberd@localhost";
    private static final String COOKIE = "of-a-test";

    private final @Nullable Path certificate;

    public EjabberdServer(Map<String, String> accounts) throws IOException {
        this(accounts, null);
    }

    /** @param certificate the file of the certificate and its key, for a component port that speaks TLS; null: it does not */
    public EjabberdServer(Map<String, String> accounts, @Nullable Path certificate) throws IOException {
        super(accounts);
        this.certificate = certificate;
    }

    private String component() throws IOException {
        return certificate == null
                ? fragment("ejabberd-component.yml")
                : fragment("ejabberd-component-tls.yml")
                        .replace(
                                "/etc/ejabberd/server.pem",
                                certificate.toAbsolutePath().toString());
    }

    public static boolean isInstalled() {
        return isInstalled("ejabberdctl");
    }

    @Override
    void configure() throws IOException {
        Files.deleteIfExists(directory.resolve("ready"));
        Files.writeString(directory.resolve("inetrc"), "{lookup,[\"file\",\"native\"]}.\n");
        Files.writeString(directory.resolve("ejabberd.yml"), """
                hosts: [localhost]
                loglevel: info
                auth_method: internal
                auth_password_format: plain
                listen:
                  - port: %d
                    ip: "127.0.0.1"
                    module: ejabberd_c2s
                    max_stanza_size: 4194304
                    starttls: false
                    access: all
                %s
                modules:
                  mod_admin_extra: {}
                  mod_blocking: {}
                  mod_privacy: {}
                  mod_roster: {}
                  mod_disco: {}
                  mod_ping: {}
                  mod_time: {}
                """.formatted(
                        clientPort(),
                        component().replace("127.0.0.1", componentAddress()).stripTrailing()));
    }

    @Override
    ProcessBuilder command() throws IOException {
        String users = accounts.entrySet().stream()
                .map(account -> "{<<\"" + account.getKey() + "\">>,<<\"" + account.getValue() + "\">>}")
                .collect(Collectors.joining(","));
        String eval = "[ejabberd_auth:try_register(U,<<\"localhost\">>,P) || {U,P} <- [" + users + "]], "
                + "file:write_file(\"" + directory.resolve("ready") + "\", <<\"ok\">>).";
        ProcessBuilder builder = new ProcessBuilder(
                "erl",
                "-noinput",
                "+K",
                "true",
                "-sname",
                NODE,
                "-setcookie",
                COOKIE,
                "-start_epmd",
                "false",
                "-erl_epmd_port",
                "" + controlPort(),
                "-kernel",
                "inetrc",
                "\"" + directory.resolve("inetrc") + "\"",
                "-mnesia",
                "dir",
                "\"" + directory.resolve("spool") + "\"",
                "-s",
                "ejabberd",
                "-eval",
                eval);
        Map<String, String> environment = builder.environment();
        environment.put("ERL_LIBS", libraries());
        environment.put("HOME", directory.toString());
        environment.put("CONTRIB_MODULES_PATH", directory.toString());
        environment.put(
                "EJABBERD_CONFIG_PATH", directory.resolve("ejabberd.yml").toString());
        environment.put("EJABBERD_LOG_PATH", log().toString());
        environment.put("ERL_CRASH_DUMP", directory.resolve("crash.dump").toString());
        return builder;
    }

    private int controlPort() {
        return port("control");
    }

    @Override
    boolean isReady() {
        return Files.exists(directory.resolve("ready"));
    }

    @Override
    String controlProgram() {
        return "ejabberdctl";
    }

    /** The distribution's own, but that it need not be run by the account of the distribution's own server. */
    @Override
    String controlScript() throws IOException {
        Files.writeString(
                directory.resolve("ejabberdctl.cfg"),
                "ERL_DIST_PORT=" + controlPort() + "\nERL_OPTIONS='-setcookie " + COOKIE + "'\n");
        Path script = Files.writeString(
                directory.resolve("ejabberdctl"),
                Files.readString(script()).replaceFirst("(?m)^INSTALLUSER=.*$", "INSTALLUSER="));
        return "exec sh " + script + " --node " + NODE + " --config-dir " + directory + " --logs " + directory
                + " --spool " + directory.resolve("spool") + " \"$@\"\n";
    }

    private static Path script() {
        return Stream.of("/usr/sbin/ejabberdctl", "/usr/bin/ejabberdctl")
                .map(Path::of)
                .filter(Files::exists)
                .findFirst()
                .orElseThrow();
    }

    /** Where the distribution put ejabberd's own libraries: its control script knows. */
    private static String libraries() throws IOException {
        for (String script : List.of("/usr/sbin/ejabberdctl", "/usr/bin/ejabberdctl")) {
            if (Files.exists(Path.of(script))) {
                Matcher matcher = Pattern.compile("(?m)^\\s*(?:export )?ERL_LIBS=[\"']?([^\"'\\s]+)")
                        .matcher(Files.readString(Path.of(script)));
                if (matcher.find()) {
                    return matcher.group(1);
                }
            }
        }
        return "/usr/lib/" + System.getProperty("os.arch").replace("amd64", "x86_64") + "-linux-gnu";
    }
}
