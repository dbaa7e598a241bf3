package org.clientproxy.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.clientproxy.scenarios.Installed;
import org.clientproxy.servers.Certificates;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a certificate on each day of its life. */
class CertificateDatesTest {
    @TempDir
    static Path directory;

    private static X509Certificate authority;
    private static X509Certificate certificate;

    @BeforeAll
    static void give() throws Exception {
        Installed.require(Certificates.isInstalled(), "openssl");
        Certificates certificates = new Certificates(directory, "authority");
        authority = read(certificates.authority());
        certificate = read(certificates.give("of-a-server", "DNS:localhost", 60));
    }

    private static X509Certificate read(Path pem) throws Exception {
        try (InputStream in = Files.newInputStream(pem)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private static Finding at(Instant now, X509Certificate... chain) {
        return CertificateDates.of(List.of(chain), "well", "Renew it", InstantSource.fixed(now));
    }

    @Test
    void itsLifeHasFourPhases() {
        Instant begin = certificate.getNotBefore().toInstant();
        Instant end = certificate.getNotAfter().toInstant();
        assertThat(at(begin.minusSeconds(1), certificate))
                .returns(Level.WRONG, Finding::level)
                .extracting(Finding::text)
                .asString()
                .contains("is not valid yet", "clock");
        assertThat(at(begin.plusSeconds(1), certificate)).returns(Level.OK, Finding::level);
        assertThat(at(end.minus(CertificateDates.SOON).minusSeconds(1), certificate))
                .returns(Level.OK, Finding::level);
        assertThat(at(end.minus(Duration.ofDays(3)), certificate))
                .returns(Level.WARNING, Finding::level)
                .extracting(Finding::text)
                .asString()
                .contains("in 3 days. Renew it");
        assertThat(at(end.plusSeconds(1), certificate))
                .returns(Level.WRONG, Finding::level)
                .extracting(Finding::text)
                .asString()
                .contains("has expired on ");
    }

    @Test
    void theFirstOfTheChainToEndCountsAndIsNamed() {
        Instant now = authority.getNotBefore().toInstant().plusSeconds(60);
        assertThat(at(now, certificate, authority))
                .returns(Level.WARNING, Finding::level)
                .extracting(Finding::text)
                .asString()
                .contains("(that of CN=authority)");
    }
}
