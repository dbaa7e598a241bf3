package org.clientproxy.check;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import org.apache.camel.impl.DefaultCamelContext;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.stream.StreamSettings;

/** The settings of the stream that the proxy would open, but for its patience. */
final class TrialSettings {
    private TrialSettings() {}

    /**
     * With the secret and the files of TLS as they are now.
     *
     * @param patience how long a connection may take, unless it is configured to take less
     * @throws IllegalArgumentException that says what is wrong with the files
     */
    static StreamSettings of(ProxySettings settings, Duration patience) throws GeneralSecurityException, IOException {
        ProxySettings.Stream stream = settings.stream();
        ProxySettings.Credentials credentials = settings.credentials();
        ProxySettings.Tls tls = credentials.tls();
        return new StreamSettings(
                stream.host(),
                stream.port(),
                settings.domain().toString(),
                credentials.secret(),
                tls == null ? null : tls.parameters().createSSLContext(new DefaultCamelContext()),
                tls == null || tls.verify(),
                stream.connectTimeout().compareTo(patience) < 0 ? stream.connectTimeout() : patience,
                stream.reconnectMin(),
                stream.reconnectMax(),
                2,
                stream.keepAlive(),
                stream.maxStanzaSize(),
                stream.allowMultiple());
    }
}
