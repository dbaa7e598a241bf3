package org.clientproxy.check;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.clientproxy.proxy.settings.TokenKey;
import org.jspecify.annotations.Nullable;

/** The file with the key of the tokens, which the first start makes. The key is never printed. */
final class TokenKeyFile {
    private TokenKeyFile() {}

    /** What is wrong with it; null where nothing is, or it is not there yet. */
    static @Nullable Finding check(Path file) {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return null;
        }
        try {
            TokenKey.decode(Files.readString(file, StandardCharsets.US_ASCII).strip(), file.toString());
            boolean open = file.getFileSystem().supportedFileAttributeViews().contains("posix")
                    && !PosixFilePermissions.fromString("rw-------").containsAll(Files.getPosixFilePermissions(file));
            return !open
                    ? null
                    : Finding.warning(
                            Matter.DATA_DIRECTORY,
                            file + " can be read by others; whoever has read it can make tokens. Set its mode to 0600");
        } catch (IllegalArgumentException e) {
            return Finding.wrong(Matter.DATA_DIRECTORY, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return Finding.wrong(
                    Matter.DATA_DIRECTORY,
                    file + " cannot be read (" + e + "); give it to the user that runs this program");
        }
    }
}
