package org.clientproxy.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.clientproxy.proxy.settings.FilePath;

/** Files with the certificates and keys of TLS: PEM (RFC 7468), or key stores of Java's. */
final class PemFiles {
    /** The password of a key store that is never written to a file. */
    static final String IN_MEMORY = "none";

    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", Pattern.DOTALL);
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----(.*?)-----END PRIVATE KEY-----", Pattern.DOTALL);

    private PemFiles() {}

    /**
     * The authorities in a file of PEM certificates, or in a PKCS #12 or JKS store; empty where no file is named.
     *
     * @throws IllegalArgumentException that says what is wrong with the file
     */
    static Optional<KeyStore> trusted(String file, String password) {
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try {
            List<Certificate> certificates = certificates(text(file));
            KeyStore store;
            if (certificates.isEmpty()) {
                store = KeyStore.getInstance(FilePath.of(file).toFile(), password.toCharArray());
            } else {
                store = inMemory();
                for (Certificate certificate : certificates) {
                    store.setCertificateEntry("trusted-" + store.size(), certificate);
                }
            }
            if (store.size() == 0) {
                throw new IllegalArgumentException("it holds no certificate");
            }
            return Optional.of(store);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException(
                    "it holds neither PEM certificates nor a store that opens with xmpp.tls.trust-password", e);
        }
    }

    /**
     * Our own certificate, those that vouch for it and its key, all in one PEM file; empty where no file is named.
     *
     * @throws IllegalArgumentException that says what is wrong with the file
     */
    static Optional<KeyStore> own(String file) {
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try {
            String text = text(file);
            List<Certificate> chain = certificates(text);
            Matcher key = KEY.matcher(text);
            if (chain.isEmpty() || !key.find()) {
                throw new IllegalArgumentException(
                        "it does not hold both a CERTIFICATE and a PRIVATE KEY, unencrypted");
            }
            KeyStore store = inMemory();
            store.setKeyEntry(
                    "own",
                    privateKey(key.group(1), chain.get(0).getPublicKey().getAlgorithm()),
                    IN_MEMORY.toCharArray(),
                    chain.toArray(Certificate[]::new));
            return Optional.of(store);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("its certificate and its key do not go together, or are none", e);
        }
    }

    private static PrivateKey privateKey(String base64, String algorithm) throws GeneralSecurityException {
        byte[] encoded = Base64.getMimeDecoder().decode(base64);
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
    }

    private static List<Certificate> certificates(String text) throws GeneralSecurityException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<Certificate> certificates = new ArrayList<>();
        Matcher matcher = CERTIFICATE.matcher(text);
        while (matcher.find()) {
            certificates.add(factory.generateCertificate(
                    new ByteArrayInputStream(matcher.group().getBytes(StandardCharsets.ISO_8859_1))));
        }
        return certificates;
    }

    /** What stands beside PEM blocks is comment, in whatever encoding. */
    private static String text(String file) {
        Path path = FilePath.of(file);
        try {
            return new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new IllegalArgumentException(ConfigFile.reason(path, e), e);
        }
    }

    private static KeyStore inMemory() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load((InputStream) null, null);
        return store;
    }
}
