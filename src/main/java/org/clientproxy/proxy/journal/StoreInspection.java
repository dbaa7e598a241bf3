package org.clientproxy.proxy.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Looks at the directory of a {@link JournalStore}, which need not be there, and changes nothing in it. */
public final class StoreInspection {
    /**
     * What is in the files of pending requests.
     *
     * @param files how many there are
     * @param unreadable those that keep the next process from starting: which, why, and what to do
     * @param damaged those that the next process will set aside: which, and what is wrong with them
     */
    public record Found(int files, List<String> unreadable, List<String> damaged) {}

    private StoreInspection() {}

    /**
     * Whether a process has the directory open. Not to be asked in the process that has it open itself: the end of the question
     * would be the end of its lock.
     *
     * @throws IOException where that cannot be found out
     */
    public static boolean isInUse(Path directory) throws IOException {
        Path file = directory.resolve(JournalStore.LOCK);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                FileLock lock = channel.tryLock()) {
            return lock == null;
        } catch (OverlappingFileLockException e) {
            return true;
        }
    }

    /**
     * Reads the headers of the files.
     *
     * @throws IOException where the directory cannot be read
     */
    public static Found files(Path directory) throws IOException {
        List<String> unreadable = new ArrayList<>();
        List<String> damaged = new ArrayList<>();
        JournalNames names = new JournalNames(directory);
        List<Path> files = Files.isDirectory(directory) ? names.inUse() : List.of();
        for (Path file : files) {
            try {
                LeftFile.layout(file);
            } catch (DamagedFileException e) {
                damaged.add(file + ": " + e.getMessage());
            } catch (IllegalArgumentException e) {
                unreadable.add(file + " " + e.getMessage() + "; start once with that version, or move the file away");
            } catch (IOException e) {
                unreadable.add(file + " cannot be read and written (" + e
                        + "); give it to the user that runs this program, or move it away");
            }
        }
        return new Found(files.size(), unreadable, damaged);
    }

    /** Whether others than its owner may look into the directory, or change what is in it. */
    public static boolean isOpenToOthers(Path directory) throws IOException {
        return Files.isDirectory(directory) && new JournalNames(directory).isOpenToOthers();
    }
}
