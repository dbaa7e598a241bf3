package org.clientproxy.proxy.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the files in the directory of a {@link JournalStore} are called, by their numbers, and who may read them: their
 * owner only, for what requesters ask is nobody else's business. Immutable.
 */
record JournalNames(Path directory) {
    private static final String IN_USE = ".pending";
    private static final String FREE = ".free";
    private static final String DAMAGED = ".damaged";
    private static final Pattern NAME = Pattern.compile("(\\d{16})\\.pending(\\.damaged.*)?|(\\d{16})\\.(?:free|new)");
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    /** A file that may hold unsettled records. */
    Path inUse(long id) {
        return named(id, IN_USE);
    }

    /** A file that is being made. */
    Path made(long id) {
        return named(id, ".new");
    }

    /** A file that holds nothing and waits to be used again. */
    Path free(long id) {
        return named(id, FREE);
    }

    private Path named(long id, String suffix) {
        return directory.resolve(String.format("%016d%s", id, suffix));
    }

    /** All that is called as a file with records is; what it is has not been looked at. */
    List<Path> inUse() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(IN_USE))
                    .sorted()
                    .toList();
        }
    }

    /** Removes the files of an earlier process that held nothing. */
    void removeSpares() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Matcher name = NAME.matcher(file.getFileName().toString());
                if (name.matches() && name.group(3) != null && Files.isRegularFile(file)) {
                    Files.delete(file);
                }
            }
        }
    }

    /** The number in a name of ours, of whatever kind of file; -1 where it is none. */
    static long numberIn(Path file) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        return name.matches() ? Long.parseLong(name.group(1) != null ? name.group(1) : name.group(3)) : -1;
    }

    /** The highest number in any name of ours; -1 where there is none. */
    long highest() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.mapToLong(JournalNames::numberIn).max().orElse(-1);
        }
    }

    /** Renames a damaged file, so that it is kept and no process reads it again; its new name. */
    static Path setAside(Path file) throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + DAMAGED);
        // An earlier one is kept too.
        for (int i = 2; Files.exists(aside, LinkOption.NOFOLLOW_LINKS); i++) {
            aside = file.resolveSibling(file.getFileName() + DAMAGED + "." + i);
        }
        return Files.move(file, aside);
    }

    /** How new files are made. */
    FileAttribute<?>[] mode() {
        return isPosix()
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
    }

    /** Takes a file from all but its owner; earlier versions made such files. */
    void tighten(Path file) throws IOException {
        if (isPosix() && !OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
            Files.setPosixFilePermissions(file, OWNER_ONLY);
        }
    }

    /** Whether others than its owner may look into the directory, or change what is in it. */
    boolean isOpenToOthers() throws IOException {
        return isPosix()
                && !PosixFilePermissions.fromString("rwx------").containsAll(Files.getPosixFilePermissions(directory));
    }

    boolean isPosix() {
        return directory.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
