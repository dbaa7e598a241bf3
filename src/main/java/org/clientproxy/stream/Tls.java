package org.clientproxy.stream;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.util.NetUtil;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** TLS to the server: how it is asked for, and what its failures mean to an operator. */
final class Tls {
    private static final List<String> OLD = List.of("SSLv2Hello", "SSLv3", "TLSv1", "TLSv1.1");

    private Tls() {}

    /** Client's side of TLS 1.2 or later, with the host's name in the greeting (SNI) and, unless told not to, verified. */
    static SslHandler handler(SSLContext context, StreamSettings settings) {
        SSLEngine engine = context.createSSLEngine(settings.host(), settings.port());
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(Arrays.stream(parameters.getProtocols())
                .filter(protocol -> !OLD.contains(protocol))
                .toArray(String[]::new));
        if (settings.verifyHost()) {
            // RFC 6125, as RFC 2818 has it for every host: the names and addresses in subjectAltName.
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        if (!NetUtil.isValidIpV4Address(settings.host()) && !NetUtil.isValidIpV6Address(settings.host())) {
            sni(settings.host(), parameters);
        }
        engine.setSSLParameters(parameters);
        SslHandler handler = new SslHandler(engine);
        handler.setHandshakeTimeoutMillis(settings.connectTimeout().toMillis());
        return handler;
    }

    private static void sni(String host, SSLParameters parameters) {
        try {
            parameters.setServerNames(List.of(new SNIHostName(host)));
        } catch (IllegalArgumentException e) {
            // A name that cannot be said in TLS; the check of the certificate decides.
            parameters.setServerNames(List.of());
        }
    }

    /** Whether TLS failed, and not the connection below it. */
    static boolean isOf(Throwable failure) {
        return cause(failure, SSLException.class) != null;
    }

    /** What went wrong with the server of these settings, and what to do. */
    static ServerRefusal refusal(Throwable failure, StreamSettings settings) {
        String server = settings.server();
        if (cause(failure, NotSslRecordException.class) != null) {
            return slow("the server at " + server + " does not speak TLS there. Correct the port (xmpp.port) to one"
                    + " where TLS is spoken from the first octet on, or set xmpp.tls=off");
        }
        if (cause(failure, SslHandshakeTimeoutException.class) != null) {
            return slow("the server at " + server + " did not answer to TLS within "
                    + settings.connectTimeout().toMillis()
                    + " ms. Does it speak TLS on that port (xmpp.port, xmpp.tls)?");
        }
        if (cause(failure, CertificateExpiredException.class) != null) {
            return slow("the certificate of " + server + " has expired. The server needs a new one");
        }
        if (cause(failure, CertificateNotYetValidException.class) != null) {
            return slow("the certificate of " + server + " is not valid yet. Is the clock right, here and there?");
        }
        if (cause(failure, CertPathBuilderException.class) != null
                || cause(failure, CertPathValidatorException.class) != null) {
            return slow("the certificate of " + server + " is not from an authority that is trusted here: "
                    + last(failure)
                    + ". Put the certificate of its authority (PEM) into the file that xmpp.tls.trust-file names");
        }
        CertificateException certificate = cause(failure, CertificateException.class);
        if (certificate != null) {
            return slow("the certificate of " + server + " is not for " + settings.host() + ": " + words(certificate)
                    + ". Set xmpp.host to a name that is in the certificate, or give the server one with that name");
        }
        SSLException said = cause(failure, SSLException.class);
        if (said != null && words(said).contains("fatal alert")) {
            return slow("the server at " + server + " ends TLS: " + words(said)
                    + ". It may want a certificate of ours (xmpp.tls.key-file), or other versions of TLS");
        }
        return new ServerRefusal("no TLS with " + server + ": " + last(failure), false, false);
    }

    /** Somebody must change something before it can work. */
    private static ServerRefusal slow(String words) {
        return new ServerRefusal(words, true, false);
    }

    private static <T extends Throwable> @Nullable T cause(Throwable failure, Class<T> kind) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (kind.isInstance(each)) {
                return kind.cast(each);
            }
        }
        return null;
    }

    private static String last(Throwable failure) {
        Throwable last = failure;
        while (last.getCause() != null) {
            last = last.getCause();
        }
        return words(last);
    }

    /** What a certificate says may be anything, so it is put into one line. */
    private static String words(Throwable failure) {
        String words = Objects.requireNonNullElse(failure.getMessage(), failure.toString());
        return words.replaceAll("[\\s\\p{C}]+", " ").strip();
    }
}
