package org.clientproxy.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Prosody from the system's packages, however its hosts are set up. */
abstract class AnyProsody extends ServerProcess {
    AnyProsody(Map<String, String> accounts) throws IOException {
        super(accounts);
    }

    /** The domains that have the accounts. */
    abstract String[] hosts();

    /** The modules beside the usual ones, as Lua. */
    String moreModules() {
        return "";
    }

    /** The rest of the configuration: hosts and the component. */
    abstract String configuration() throws IOException;

    @Override
    void configure() throws IOException {
        for (String host : hosts()) {
            Path folder = Files.createDirectories(dataOf(host).resolve("accounts"));
            for (Map.Entry<String, String> account : accounts.entrySet()) {
                Files.writeString(
                        folder.resolve(account.getKey() + ".dat"),
                        "return { [\"password\"] = \"" + account.getValue() + "\"; };\n");
            }
        }
        Files.writeString(configurationFile(), """
                run_as_root = true
                pidfile = "%1$s/prosody.pid"
                data_path = "%1$s/data"
                log = { info = "%1$s/server.log" }
                interfaces = { "127.0.0.1" }
                local_interfaces = { "127.0.0.1" }
                c2s_ports = { %2$d }
                component_ports = { %3$d }
                component_interfaces = { "%6$s" }
                s2s_ports = {}
                modules_enabled = { "roster"; "saslauth"; "disco"; "ping"; "time"; "blocklist"; %4$s }
                modules_disabled = { "s2s"; "tls" }
                c2s_require_encryption = false
                allow_unencrypted_plain_auth = true
                authentication = "internal_plain"
                storage = "internal"
                %5$s
                """.formatted(
                        directory, clientPort(), componentPort(), moreModules(), configuration(), componentAddress()));
    }

    /** Where Prosody keeps what belongs to a host. */
    Path dataOf(String host) {
        return directory.resolve("data").resolve(host.replace(".", "%2e"));
    }

    private Path configurationFile() {
        return directory.resolve("prosody.cfg.lua");
    }

    @Override
    ProcessBuilder command() {
        return new ProcessBuilder(
                "prosody", "-F", "--config", configurationFile().toString());
    }

    @Override
    boolean isReady() throws IOException {
        String said = read(log());
        return said.contains("'c2s' on [") && said.contains("'component' on [");
    }

    @Override
    String controlProgram() {
        return "prosodyctl";
    }

    @Override
    String controlScript() {
        return "exec /usr/bin/prosodyctl --config " + configurationFile() + " \"$@\"\n";
    }
}
