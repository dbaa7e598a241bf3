package org.clientproxy.check;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;

/** How long certificates are valid yet. */
final class CertificateDates {
    /** Whose certificate ends sooner is told so. */
    static final Duration SOON = Duration.ofDays(14);

    private CertificateDates() {}

    /**
     * What a server has shown.
     *
     * @param chain its certificate first; those behind it vouch for it
     * @param verified whether it was found to be trusted and for the server's name
     */
    static Finding ofServer(List<X509Certificate> chain, boolean verified) {
        if (!verified) {
            return Finding.warning(
                    Matter.TLS,
                    "the server's certificate is not verified, so anybody may take the server's place. Set"
                            + " xmpp.tls.verify=true, and xmpp.tls.trust-file where its authority is not a public one");
        }
        return of(
                chain,
                "the server's certificate is trusted and for its name",
                "Renew it at the server",
                InstantSource.system());
    }

    /** Our own, which servers that want one are shown. */
    static Finding own(List<X509Certificate> chain) {
        return of(chain, "our own certificate (xmpp.tls.key-file) can be read", "Renew it", InstantSource.system());
    }

    static Finding of(List<X509Certificate> chain, String well, String remedy, InstantSource clock) {
        X509Certificate first = chain.stream()
                .min(Comparator.comparing(X509Certificate::getNotAfter))
                .orElse(null);
        if (first == null) {
            return Finding.ok(Matter.TLS, well);
        }
        Instant end = first.getNotAfter().toInstant();
        Instant begin = first.getNotBefore().toInstant();
        String day = end.atOffset(ZoneOffset.UTC).toLocalDate().toString();
        String whose = first == chain.get(0) ? "" : " (that of " + first.getSubjectX500Principal() + ")";
        if (clock.instant().isBefore(begin)) {
            return Finding.wrong(Matter.TLS, well + ", but is not valid yet" + whose + ". Is the clock right?");
        } else if (clock.instant().isAfter(end)) {
            return Finding.wrong(Matter.TLS, well + ", but has expired on " + day + whose + ". " + remedy);
        } else if (clock.instant().plus(SOON).isAfter(end)) {
            long days = Duration.between(clock.instant(), end).toDays();
            return Finding.warning(
                    Matter.TLS, well + ", but expires on " + day + whose + ", in " + days + " days. " + remedy);
        }
        return Finding.ok(Matter.TLS, well + ", until " + day);
    }
}
