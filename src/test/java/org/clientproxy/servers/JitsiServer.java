package org.clientproxy.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.clientproxy.loopback.XmppServer;

/**
 * Prosody as Jitsi's packages set it up, as far as the focus goes: accounts of Jicofo and of others on one host, those who use
 * conferences on another one, and the component as {@code docs/jitsi.md} says. The server's domain is that of Jicofo.
 */
public final class JitsiServer extends ServerProcess {
    private static final String USERS = "meet.example.org";
    private static final String AUTH = "auth.meet.example.org";

    public JitsiServer() throws IOException {
        super(Map.of("focus", "pw", "alice", "pw"));
    }

    @Override
    public String domain() {
        return AUTH;
    }

    @Override
    public String componentDomain() {
        return "focus.meet.example.org";
    }

    /** The same server, for those who use conferences. */
    public XmppServer users() {
        JitsiServer server = this;
        return new XmppServer() {
            @Override
            public String domain() {
                return USERS;
            }

            @Override
            public int clientPort() {
                return server.clientPort();
            }

            @Override
            public int componentPort() {
                return server.componentPort();
            }

            @Override
            public String componentDomain() {
                return server.componentDomain();
            }

            @Override
            public String componentSecret() {
                return server.componentSecret();
            }

            @Override
            public void start() {
                throw new UnsupportedOperationException("it is another one's");
            }

            @Override
            public void kill() {
                throw new UnsupportedOperationException("it is another one's");
            }

            @Override
            public void close() {
                // The other one is closed.
            }
        };
    }

    @Override
    String controlProgram() {
        return "prosodyctl";
    }

    @Override
    String controlScript() {
        return ProsodyServer.controlScript(directory);
    }

    @Override
    void configure() throws IOException {
        for (String host : new String[] {USERS, AUTH}) {
            Path folder = Files.createDirectories(directory.resolve("data/" + host.replace(".", "%2e") + "/accounts"));
            for (Map.Entry<String, String> account : accounts.entrySet()) {
                Files.writeString(
                        folder.resolve(account.getKey() + ".dat"),
                        "return { [\"password\"] = \"" + account.getValue() + "\"; };\n");
            }
        }
        // What "prosodyctl mod_roster_command subscribe focus.meet.example.org focus@auth.meet.example.org" leaves.
        Path rosters = Files.createDirectories(directory.resolve("data/" + AUTH.replace(".", "%2e") + "/roster"));
        Files.writeString(rosters.resolve("focus.dat"), """
                return {
                    [false] = { version = 1; };
                    ["focus.meet.example.org"] = { subscription = "from"; groups = {}; };
                };
                """);
        Files.writeString(
                directory.resolve("prosody.cfg.lua"), """
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
                modules_enabled = { "roster"; "saslauth"; "disco"; "ping" }
                modules_disabled = { "s2s"; "tls" }
                c2s_require_encryption = false
                allow_unencrypted_plain_auth = true
                authentication = "internal_plain"
                storage = "internal"
                VirtualHost "meet.example.org"
                VirtualHost "auth.meet.example.org"
                Include "%1$s/conf.d/*.cfg.lua"
                """.formatted(directory, clientPort(), componentPort()));
        Files.writeString(
                Files.createDirectories(directory.resolve("conf.d")).resolve("client-proxy.cfg.lua"),
                sample("client-proxy.cfg.lua"));
    }

    /** A configuration of the document, with this server's secret and port in it. */
    public String sample(String name) throws IOException {
        return Files.readString(Path.of("src/test/resources/jitsi", name)).replace("CHANGE-ME", componentSecret());
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
}
