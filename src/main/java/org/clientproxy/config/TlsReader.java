package org.clientproxy.config;
import org.clientproxy.proxy.settings.ProxySettings;

import java.security.KeyStore;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.support.jsse.KeyManagersParameters;
import org.apache.camel.support.jsse.KeyStoreParameters;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.camel.support.jsse.TrustManagersParameters;
import org.jspecify.annotations.Nullable;

/** Reads the keys {@code xmpp.tls} and {@code xmpp.tls.*} of one proxy. */
final class TlsReader {
    private final ConfigReader reader;
    private final Set<String> problems;

    /** @param problems to which what is wrong is added */
    TlsReader(ConfigReader reader, Set<String> problems) {
        this.reader = reader;
        this.problems = problems;
    }

    /** TLS as configured, or null where it is off. */
    ProxySettings.@Nullable Tls read() {
        boolean on = reader.get(ConfigKey.XMPP_TLS, TlsReader::onOff, false);
        boolean verify = reader.get(ConfigKey.XMPP_TLS_VERIFY, ConfigValues::bool, true);
        String password = reader.get(ConfigKey.XMPP_TLS_TRUST_PASSWORD, text -> text, "");
        Optional<KeyStore> trusted =
                reader.get(ConfigKey.XMPP_TLS_TRUST_FILE, file -> PemFiles.trusted(file, password), Optional.empty());
        Optional<KeyStore> own = reader.get(ConfigKey.XMPP_TLS_KEY_FILE, PemFiles::own, Optional.empty());
        if (!on) {
            if (!reader.isSet(ConfigKey.XMPP_TLS) && (trusted.isPresent() || own.isPresent() || !verify)) {
                problems.add(
                        "keys xmpp.tls.* are set, but xmpp.tls is not; set xmpp.tls=on, or xmpp.tls=off where that is meant");
            }
            return null;
        }
        if (!verify && trusted.isPresent()) {
            problems.add(reader.shown(ConfigKey.XMPP_TLS_TRUST_FILE) + " has no use with "
                    + reader.shown(ConfigKey.XMPP_TLS_VERIFY) + "; take one of them out");
        }
        return new ProxySettings.Tls(verify, parameters(verify, trusted, own));
    }

    private static SSLContextParameters parameters(boolean verify, Optional<KeyStore> trusted, Optional<KeyStore> own) {
        SSLContextParameters parameters = new SSLContextParameters();
        if (!verify || trusted.isPresent()) {
            TrustManagersParameters trust = new TrustManagersParameters();
            if (verify) {
                trust.setKeyStore(inMemory(trusted.orElseThrow()));
            } else {
                trust.setTrustManager(new TrustAnybody());
            }
            parameters.setTrustManagers(trust);
        }
        if (own.isPresent()) {
            KeyManagersParameters keys = new KeyManagersParameters();
            keys.setKeyStore(inMemory(own.get()));
            keys.setKeyPassword(PemFiles.IN_MEMORY);
            parameters.setKeyManagers(keys);
        }
        return parameters;
    }

    private static KeyStoreParameters inMemory(KeyStore store) {
        KeyStoreParameters parameters = new KeyStoreParameters();
        parameters.setKeyStore(store);
        return parameters;
    }

    private static boolean onOff(String text) {
        if (!text.equals("on") && !text.equals("off")) {
            throw new IllegalArgumentException();
        }
        return text.equals("on");
    }
}
