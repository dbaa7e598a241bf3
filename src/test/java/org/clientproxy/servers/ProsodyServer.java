package org.clientproxy.servers;

import java.io.IOException;
import java.util.Map;

/** Prosody with one host and the component. */
public class ProsodyServer extends AnyProsody {
    private final boolean offlineStorage;
    private final String ofComponent;

    public ProsodyServer(Map<String, String> accounts) throws IOException {
        this(accounts, true, "");
    }

    private ProsodyServer(Map<String, String> accounts, boolean offlineStorage, String ofComponent) throws IOException {
        super(accounts);
        this.ofComponent = ofComponent;
        this.offlineStorage = offlineStorage;
    }

    /** Messages to accounts of which nobody is there come back, as with ejabberd by its configuration in these tests. */
    public static ProsodyServer withoutOfflineStorage(Map<String, String> accounts) throws IOException {
        return new ProsodyServer(accounts, false, "");
    }

    /** A further component takes the place of the one before. */
    public static ProsodyServer kickingTheOld(Map<String, String> accounts) throws IOException {
        return new ProsodyServer(accounts, true, "\n  component_conflict_resolve = \"kick_old\"\n");
    }

    /** Nobody logs in without TLS, which is not there either. */
    public static ProsodyServer demandingEncryption(Map<String, String> accounts) throws IOException {
        return new ProsodyServer(accounts, true, "") {
            @Override
            String ofHost() {
                return "  c2s_require_encryption = true\n";
            }
        };
    }

    public static boolean isInstalled() {
        return isInstalled("prosody");
    }

    @Override
    String[] hosts() {
        return new String[] {"localhost"};
    }

    String ofHost() {
        return "";
    }

    @Override
    String moreModules() {
        return "\"admin_shell\"";
    }

    @Override
    String configuration() throws IOException {
        return "VirtualHost \"localhost\"\n"
                + ofHost()
                + (offlineStorage ? "" : "  modules_disabled = { \"s2s\"; \"tls\"; \"offline\" }\n")
                + fragment("prosody-component.cfg.lua")
                + ofComponent;
    }
}
