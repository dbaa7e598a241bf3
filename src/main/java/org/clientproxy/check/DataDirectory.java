package org.clientproxy.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.clientproxy.proxy.journal.JournalStore;
import org.clientproxy.proxy.journal.StoreInspection;
import org.clientproxy.proxy.settings.PendingKind;
import org.clientproxy.proxy.settings.ProxySettings;
import org.jspecify.annotations.Nullable;

/** Whether {@code proxy.data-dir} can hold what a proxy keeps there. */
final class DataDirectory {
    private static final Matter MATTER = Matter.DATA_DIRECTORY;
    private static final long MIB = 1 << 20;

    /** So many files of pending requests there are before any of them is used again. */
    private static final int FILES = 4;

    private final ProxySettings settings;
    private final Path directory;
    private final Path pending;
    private final List<Finding> findings = new ArrayList<>();

    DataDirectory(ProxySettings settings) {
        this.settings = settings;
        this.directory = settings.dataDir().toAbsolutePath().normalize();
        this.pending = pending(settings);
    }

    /** Where this proxy's pending requests are kept. */
    static Path pending(ProxySettings settings) {
        return settings.dataDir().resolve(settings.name() + ".pending").toAbsolutePath().normalize();
    }

    List<Finding> check() {
        String obstacle = obstacle(directory);
        if (obstacle != null) {
            // Keys for a run, and no more, can be had without a directory.
            boolean needed = settings.pending() == PendingKind.FILE;
            String text = directory + ": " + obstacle + ". Give it to the user that runs this program, or name another"
                    + " directory (proxy.data-dir)";
            findings.add(needed
                    ? Finding.wrong(MATTER, text)
                    : Finding.warning(MATTER, text + "; without it the tokens of requesters change with each start"));
            return findings;
        }
        try {
            pendingRequests();
            tokenKey();
            if (findings.isEmpty()) {
                String made = Files.isDirectory(directory) ? "" : ", which will be made";
                findings.add(Finding.ok(MATTER, directory + made + "; free: " + free() / MIB + " MiB"));
            }
        } catch (IOException e) {
            findings.add(Finding.wrong(
                    MATTER, directory + " cannot be looked at (" + e + "); run the check as the user that runs the proxy"));
        }
        return findings;
    }

    /** Why files cannot be made in a directory, which may be made itself; null where they can. */
    private static @Nullable String obstacle(Path wanted) {
        Path there = wanted;
        // A link that leads nowhere is there.
        while (!Files.exists(there, LinkOption.NOFOLLOW_LINKS) && there.getParent() != null) {
            there = there.getParent();
        }
        String which = there.equals(wanted) ? "it" : there.toString();
        if (!Files.isDirectory(there)) {
            return which + " is no directory";
        }
        return Files.isWritable(there) && Files.isExecutable(there) ? null : "this user may not write into " + which;
    }

    private void pendingRequests() throws IOException {
        boolean used = Files.exists(pending, LinkOption.NOFOLLOW_LINKS);
        if (settings.pending() != PendingKind.FILE) {
            if (used && JournalStore.isUsed(pending)) {
                findings.add(Finding.warning(
                        MATTER,
                        "requests of an earlier run are in " + pending + " and get no answer with proxy.pending=memory;"
                                + " start once with proxy.pending=file, or remove the directory"));
            }
            return;
        }
        String obstacle = used ? obstacle(pending) : null;
        if (obstacle != null) {
            findings.add(Finding.wrong(
                    MATTER, pending + ": " + obstacle + ". Give it to the user that runs this program"));
            return;
        }
        if (StoreInspection.isOpenToOthers(pending)) {
            findings.add(Finding.warning(
                    MATTER,
                    pending + " is open to other users of this machine, who could see or change what is pending; take it"
                            + " from them: chmod 700 " + pending));
        }
        StoreInspection.Found found = StoreInspection.files(pending);
        found.unreadable().forEach(each -> findings.add(Finding.wrong(MATTER, each)));
        found.damaged().forEach(each -> findings.add(Finding.warning(
                MATTER, each + "; the next start sets it aside, and goes on with what is whole in it")));
        room();
    }

    private void room() throws IOException {
        long free = free();
        long least = 2L * JournalStore.SEGMENT_OCTETS;
        // The files take twice what is pending, and some files more.
        long most = 2 * settings.maxPendingSize() + FILES * (long) JournalStore.SEGMENT_OCTETS;
        if (free < least) {
            findings.add(Finding.wrong(
                    MATTER,
                    free / MIB + " MiB are free for " + directory + ", too little for any pending request. Make room, or name"
                            + " another directory (proxy.data-dir)"));
        } else if (free < most) {
            findings.add(Finding.warning(
                    MATTER,
                    free / MIB + " MiB are free for " + directory + "; pending requests may take " + most / MIB
                            + " MiB (twice proxy.max-pending-size). While the disk is full, requests are refused"));
        }
    }

    private long free() throws IOException {
        Path there = directory;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return Files.getFileStore(there).getUsableSpace();
    }

    private void tokenKey() {
        if (settings.jatKeys().isEmpty()) {
            Finding wrong = TokenKeyFile.check(settings.dataDir().resolve(settings.name() + ".jat-key"));
            if (wrong != null) {
                findings.add(wrong);
            }
        }
    }
}
