package org.clientproxy.proxy;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.clientproxy.proxy.settings.Adjustable;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.stream.StreamSettings;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings of a proxy's next connection: the latest that were configured, with the secret and the files of TLS as they
 * are then. Where those cannot be used, the ones before are used once more, and the log says why, once. Any thread.
 */
final class NextConnection implements Supplier<StreamSettings>, Adjustable {
    private static final Logger LOG = LoggerFactory.getLogger(NextConnection.class);

    private final CamelContext context;
    private final StreamSettings made;
    private ProxySettings settings;
    private ProxySettings.Credentials usable;
    private @Nullable String said;

    /** @param made what the stream was made from */
    NextConnection(CamelContext context, ProxySettings settings, StreamSettings made) {
        this.context = context;
        this.made = made;
        this.settings = settings;
        this.usable = configured(settings);
    }

    /** As they were read with the configuration. */
    private static ProxySettings.Credentials configured(ProxySettings settings) {
        ProxySettings.Stream stream = settings.stream();
        return new ProxySettings.Credentials(stream.secret(), stream.tls());
    }

    @Override
    public synchronized void adjust(ProxySettings now) {
        settings = now;
        usable = configured(now);
        said = null;
    }

    @Override
    public StreamSettings get() {
        ProxySettings now;
        synchronized (this) {
            now = settings;
        }
        try {
            ProxySettings.Credentials read = now.credentials();
            StreamSettings next = by(now, read);
            readable(now, read);
            return next;
        } catch (IllegalArgumentException | GeneralSecurityException | IOException e) {
            return asBefore(now, e);
        }
    }

    private synchronized void readable(ProxySettings of, ProxySettings.Credentials read) {
        // An edit may have come in between.
        if (of.equals(settings)) {
            usable = read;
            said = null;
        }
    }

    private StreamSettings asBefore(ProxySettings now, Exception why) {
        ProxySettings.Credentials before;
        synchronized (this) {
            before = usable;
            String words = String.valueOf(why.getMessage());
            if (!words.equals(said)) {
                said = words;
                LOG.warn(
                        "{}: {}; until that is mended, connections are made with what was there before",
                        made.domain(),
                        words);
            }
        }
        try {
            return by(now, before);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private StreamSettings by(ProxySettings now, ProxySettings.Credentials credentials)
            throws GeneralSecurityException, IOException {
        ProxySettings.Stream stream = now.stream();
        ProxySettings.Tls tls = credentials.tls();
        return new StreamSettings(
                made.host(),
                made.port(),
                made.domain(),
                credentials.secret(),
                tls == null ? null : tls.parameters().createSSLContext(context),
                tls == null || tls.verify(),
                stream.connectTimeout(),
                stream.reconnectMin(),
                stream.reconnectMax(),
                made.reconnectMultiplier(),
                stream.keepAlive(),
                made.maxStanzaSize(),
                stream.allowMultiple());
    }
}
