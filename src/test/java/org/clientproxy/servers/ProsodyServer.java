package org.clientproxy.servers;

import java.io.IOException;
import java.util.Map;

/** Prosody with one host and the component. */
public final class ProsodyServer extends AnyProsody {
    private final String ofHost;
    private final String ofComponent;

    public ProsodyServer(Map<String, String> accounts) throws IOException {
        this(accounts, "", "");
    }

    private ProsodyServer(Map<String, String> accounts, String ofHost, String ofComponent) throws IOException {
        super(accounts);
        this.ofHost = ofHost;
        this.ofComponent = ofComponent;
    }

    /** Messages to accounts of which nobody is there come back, as with ejabberd by its configuration in these tests. */
    public static ProsodyServer withoutOfflineStorage(Map<String, String> accounts) throws IOException {
        return new ProsodyServer(accounts, "  modules_disabled = { \"s2s\"; \"tls\"; \"offline\" }\n", "");
    }

    /** A further component takes the place of the one before. */
    public static ProsodyServer kickingTheOld(Map<String, String> accounts) throws IOException {
        return new ProsodyServer(accounts, "", "\n  component_conflict_resolve = \"kick_old\"\n");
    }

    /** As Debian's stands: nobody logs in without TLS, for which it has no certificate. */
    public static ProsodyServer demandingEncryption(Map<String, String> accounts) throws IOException {
        String demand =
                "  c2s_require_encryption = true\n  modules_enabled = { \"tls\" }\n  modules_disabled = { \"s2s\" }\n";
        return new ProsodyServer(accounts, demand, "");
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
        return "VirtualHost \"localhost\"\n" + ofHost + fragment("prosody-component.cfg.lua") + ofComponent;
    }
}
