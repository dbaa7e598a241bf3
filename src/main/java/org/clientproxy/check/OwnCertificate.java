package org.clientproxy.check;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.camel.support.jsse.KeyManagersParameters;
import org.clientproxy.proxy.settings.ProxySettings;

/** The certificate by which the proxy shows a server who it is, where {@code xmpp.tls.key-file} names one. */
final class OwnCertificate {
    private OwnCertificate() {}

    /** What is to be said of it; empty where there is none. */
    static Optional<Finding> of(ProxySettings settings) {
        ProxySettings.Tls tls = settings.stream().tls();
        KeyManagersParameters keys = tls == null ? null : tls.parameters().getKeyManagers();
        if (keys == null) {
            return Optional.empty();
        }
        List<X509Certificate> chain = new ArrayList<>();
        try {
            KeyStore store = keys.getKeyStore().createKeyStore();
            for (String alias : Collections.list(store.aliases())) {
                for (Certificate each : store.getCertificateChain(alias)) {
                    if (each instanceof X509Certificate certificate) {
                        chain.add(certificate);
                    }
                }
            }
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a store that was filled can be read", e);
        }
        return Optional.of(CertificateDates.own(chain));
    }
}
