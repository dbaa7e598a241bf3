package org.clientproxy.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Prosody whose component is its own module {@code mod_client_proxy}, in place of an external component. */
public final class ProsodyWithClientProxy extends AnyProsody {
    private final Path modules;

    /** @param modules the directory that holds {@code mod_client_proxy.lua} */
    public ProsodyWithClientProxy(Map<String, String> accounts, Path modules) throws IOException {
        super(accounts);
        this.modules = modules;
    }

    @Override
    String[] hosts() {
        return new String[] {"localhost"};
    }

    @Override
    void configure() throws IOException {
        super.configure();
        // Its request to subscribe is lost in most starts of the server, so the account has accepted beforehand.
        Files.writeString(
                Files.createDirectories(dataOf("localhost").resolve("roster")).resolve("worker.dat"), """
                return {
                    [false] = { version = 1; };
                    ["proxy.localhost"] = { subscription = "from"; groups = {}; };
                };
                """);
    }

    @Override
    String configuration() {
        // The second component is for the port alone, which all servers of this kind are awaited at.
        return """
                plugin_paths = { "%s" }
                VirtualHost "localhost"
                Component "proxy.localhost" "client_proxy"
                    target_address = "worker@localhost"
                Component "unused.localhost"
                    component_secret = "%s"
                """.formatted(modules.toAbsolutePath(), componentSecret());
    }
}
