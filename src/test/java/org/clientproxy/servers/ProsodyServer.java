package org.clientproxy.servers;

import java.io.IOException;
import java.util.Map;

/** Prosody with one host and the component. */
public final class ProsodyServer extends AnyProsody {
    public ProsodyServer(Map<String, String> accounts) throws IOException {
        super(accounts);
    }

    public static boolean isInstalled() {
        return isInstalled("prosody");
    }

    @Override
    String[] hosts() {
        return new String[] {"localhost"};
    }

    @Override
    String moreModules() {
        return "\"admin_shell\"";
    }

    @Override
    String configuration() throws IOException {
        return "VirtualHost \"localhost\"\n" + fragment("prosody-component.cfg.lua");
    }
}
