package org.clientproxy.servers;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An authority of a test's own, and the certificates that it gives, as PEM files in one directory; made by openssl. */
public final class Certificates {
    private final Path directory;
    private final String name;

    /** @param name of the authority, and of its file */
    public Certificates(Path directory, String name) throws Exception {
        this.directory = directory;
        this.name = name;
        openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=" + name + " -keyout "
                + name + ".key -out " + name + ".pem");
    }

    public static boolean isInstalled() {
        return ServerProcess.isInstalled("openssl");
    }

    /** The authority's own certificate. */
    public Path authority() {
        return directory.resolve(name + ".pem");
    }

    /**
     * A certificate and its key in one file.
     *
     * @param names as in subjectAltName, such as {@code DNS:localhost}
     * @param days how long it is valid from now on; before now where negative
     */
    public Path give(String file, String names, int days) throws Exception {
        openssl("req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=" + file
                + " -addext subjectAltName=" + names + " -keyout " + file + ".key -out " + file + ".csr");
        openssl("x509 -req -in " + file + ".csr -CA " + name + ".pem -CAkey " + name
                + ".key -copy_extensions copy -days " + days + " -out " + file + ".crt");
        return Files.writeString(
                directory.resolve(file + ".pem"),
                Files.readString(directory.resolve(file + ".crt"))
                        + Files.readString(directory.resolve(file + ".key")));
    }

    private void openssl(String arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments.split(" ")));
        File output = directory.resolve("openssl.txt").toFile();
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(command + ": " + Files.readString(output.toPath()));
        }
    }
}
