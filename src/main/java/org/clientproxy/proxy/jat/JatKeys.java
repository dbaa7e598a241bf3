package org.clientproxy.proxy.jat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.RouteKeys;
import org.clientproxy.proxy.settings.TokenKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The secret keys of the encoded-from tokens, 256 bits each: the first makes tokens, all verify them. From
 * {@code proxy.jat-key}, or generated once into {@code proxy.data-dir}. No key is ever printed.
 */
public final class JatKeys {
    private static final Logger LOG = LoggerFactory.getLogger(JatKeys.class);
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private JatKeys() {}

    /**
     * The keys of a proxy.
     *
     * @throws IllegalArgumentException that names the key or file and what is wrong with it
     */
    public static List<byte[]> of(ProxySettings settings) {
        if (!settings.jatKeys().isEmpty()) {
            List<byte[]> keys = new ArrayList<>();
            for (String key : settings.jatKeys()) {
                keys.add(TokenKey.decode(key, RouteKeys.JAT_KEY.key()));
            }
            return keys;
        }
        return List.of(generated(settings.dataDir().resolve(settings.name() + ".jat-key")));
    }

    private static byte[] generated(Path file) {
        byte[] fresh = new byte[TokenKey.OCTETS];
        new SecureRandom().nextBytes(fresh);
        if (!Files.exists(file)) {
            try {
                Files.createDirectories(file.toAbsolutePath().getParent());
                create(file, Base64.getUrlEncoder().withoutPadding().encodeToString(fresh));
            } catch (IOException e) {
                LOG.warn(
                        "no key for tokens can be kept in {} ({}), so tokens change with each start; make the directory of"
                                + " proxy.data-dir writable, or set proxy.jat-key",
                        file,
                        e.toString());
                return fresh;
            }
        }
        return read(file);
    }

    /** A key that is there but cannot be read is not replaced, for all tokens would change unnoticed. */
    private static byte[] read(Path file) {
        try {
            // Not the file store: Java finds none for a file below the root of a chroot that is no mount point.
            if (Files.getFileAttributeView(file, PosixFileAttributeView.class) != null
                    && !OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
                LOG.warn("{} can be read by others; whoever has read it can make tokens. Set its mode to 0600", file);
            }
            return TokenKey.decode(
                    Files.readString(file, StandardCharsets.US_ASCII).strip(), file.toString());
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    file + " cannot be read (" + e
                            + "); give it to the user that runs this program, or remove it to have"
                            + " a new key made, with which all tokens change",
                    e);
        }
    }

    /** Writes beside and links in, so that nobody ever reads half a key and none is written over. */
    private static void create(Path file, String key) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        // Created for its owner only, under a name that nothing left behind can have.
        Path written = Files.createTempFile(directory, file.getFileName() + ".", ".tmp");
        try {
            Files.writeString(
                    written, key + "\n", StandardCharsets.US_ASCII, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
            try {
                Files.createLink(file, written);
            } catch (FileAlreadyExistsException e) {
                LOG.debug("another process was faster: {}", e.getMessage());
            } catch (UnsupportedOperationException | FileSystemException e) {
                // No hard links here, as on many mounted volumes. The directory is one process's alone.
                LOG.debug("no hard link could be made, so the key is moved: {}", e.getMessage());
                Files.move(written, file);
            }
        } finally {
            Files.deleteIfExists(written);
        }
    }
}
