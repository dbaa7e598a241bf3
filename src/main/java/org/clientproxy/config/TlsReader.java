package org.clientproxy.config;

import static org.clientproxy.proxy.settings.ServerKeys.TLS;
import static org.clientproxy.proxy.settings.ServerKeys.TLS_KEY_FILE;
import static org.clientproxy.proxy.settings.ServerKeys.TLS_TRUST_FILE;
import static org.clientproxy.proxy.settings.ServerKeys.TLS_TRUST_PASSWORD;
import static org.clientproxy.proxy.settings.ServerKeys.TLS_VERIFY;

import java.security.KeyStore;
import java.util.Objects;
import java.util.Optional;
import org.apache.camel.support.jsse.KeyManagersParameters;
import org.apache.camel.support.jsse.KeyStoreParameters;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.camel.support.jsse.TrustManagersParameters;
import org.clientproxy.proxy.settings.ProxySettings;
import org.jspecify.annotations.Nullable;

/** Reads the keys {@code xmpp.tls} and {@code xmpp.tls.*} of one proxy, and the files that they name. */
final class TlsReader {
    private final ConfigReader reader;

    TlsReader(ConfigReader reader) {
        this.reader = reader;
    }

    /** TLS as configured, or null where it is off. */
    ProxySettings.@Nullable Tls read() {
        boolean on = Objects.requireNonNullElse(reader.get(TLS), false);
        boolean verify = Objects.requireNonNullElse(reader.get(TLS_VERIFY), true);
        String password = Objects.requireNonNullElse(reader.get(TLS_TRUST_PASSWORD), "");
        Optional<KeyStore> trusted =
                reader.get(TLS_TRUST_FILE, file -> PemFiles.trusted(file, password), Optional.empty());
        Optional<KeyStore> own = reader.get(TLS_KEY_FILE, PemFiles::own, Optional.empty());
        if (!on) {
            if (!reader.isSet(TLS) && (trusted.isPresent() || own.isPresent() || !verify)) {
                reader.refuse(
                        "keys xmpp.tls.* are set, but xmpp.tls is not; set xmpp.tls=on, or xmpp.tls=off where that is meant");
            }
            return null;
        }
        if (!verify && trusted.isPresent()) {
            reader.refuse(reader.shown(TLS_TRUST_FILE) + " has no use with " + reader.shown(TLS_VERIFY)
                    + "; take one of them out");
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
}
