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
public final class JitsiServer extends AnyProsody {
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
    String[] hosts() {
        return new String[] {USERS, AUTH};
    }

    @Override
    void configure() throws IOException {
        super.configure();
        // What "prosodyctl mod_roster_command subscribe focus.meet.example.org focus@auth.meet.example.org" leaves.
        Path rosters = Files.createDirectories(dataOf(AUTH).resolve("roster"));
        Files.writeString(rosters.resolve("focus.dat"), """
                return {
                    [false] = { version = 1; };
                    ["focus.meet.example.org"] = { subscription = "from"; groups = {}; };
                };
                """);
    }

    @Override
    String configuration() throws IOException {
        Files.writeString(
                Files.createDirectories(directory.resolve("conf.d")).resolve("client-proxy.cfg.lua"),
                sample("client-proxy.cfg.lua"));
        return """
                VirtualHost "meet.example.org"
                VirtualHost "auth.meet.example.org"
                Include "%s/conf.d/*.cfg.lua"
                """.formatted(directory);
    }

    /** A configuration of the document, with this server's secret and port in it. */
    public String sample(String name) throws IOException {
        return Files.readString(Path.of("src/test/resources/jitsi", name)).replace("CHANGE-ME", componentSecret());
    }
}
