package org.clientproxy.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Prosody from the system's packages. */
public final class ProsodyServer extends ServerProcess {
    public ProsodyServer(Map<String, String> accounts) throws IOException {
        super(accounts);
    }

    public static boolean isInstalled() {
        return isInstalled("prosody");
    }

    @Override
    void configure() throws IOException {
        Path folder = Files.createDirectories(directory.resolve("data/localhost/accounts"));
        for (Map.Entry<String, String> account : accounts.entrySet()) {
            Files.writeString(
                    folder.resolve(account.getKey() + ".dat"),
                    "return { [\"password\"] = \"" + account.getValue() + "\"; };\n");
        }
        Files.writeString(directory.resolve("prosody.cfg.lua"), """
                run_as_root = true
                pidfile = "%1$s/prosody.pid"
                data_path = "%1$s/data"
                log = { info = "%1$s/prosody.log" }
                interfaces = { "127.0.0.1" }
                local_interfaces = { "127.0.0.1" }
                c2s_ports = { %2$d }
                component_ports = { %3$d }
                component_interfaces = { "127.0.0.1" }
                s2s_ports = {}
                modules_enabled = { "roster"; "saslauth"; "disco"; "ping"; "admin_shell" }
                modules_disabled = { "s2s"; "tls" }
                c2s_require_encryption = false
                allow_unencrypted_plain_auth = true
                authentication = "internal_plain"
                storage = "internal"
                VirtualHost "localhost"
                %4$s
                """.formatted(
                        directory, clientPort(), componentPort(), fragment("prosody-component.cfg.lua")));
    }

    @Override
    ProcessBuilder command() {
        return new ProcessBuilder(
                "prosody",
                "-F",
                "--config",
                directory.resolve("prosody.cfg.lua").toString());
    }

    @Override
    boolean isReady() {
        return true;
    }

    @Override
    String controlProgram() {
        return "prosodyctl";
    }

    @Override
    String controlScript() {
        return controlScript(directory);
    }

    /** The same for any Prosody whose configuration lies in this directory. */
    static String controlScript(Path directory) {
        return "exec /usr/bin/prosodyctl --config " + directory.resolve("prosody.cfg.lua") + " \"$@\"\n";
    }
}
