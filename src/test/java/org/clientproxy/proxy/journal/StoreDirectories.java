package org.clientproxy.proxy.journal;

import java.nio.file.Path;
import java.time.InstantSource;
import org.clientproxy.stream.SimulatedLoop;

/**
 * Starts over each of these directories and says in a line what came of it. A program, so that a test can run it as a user
 * whom the system refuses something, and where the size of files is limited.
 */
final class StoreDirectories {
    private StoreDirectories() {}

    public static void main(String[] directories) {
        for (String directory : directories) {
            JournalStore store = null;
            try {
                store = JournalStore.open(
                        Path.of(directory), new SimulatedLoop(), InstantSource.system(), JournalStore.SEGMENT_OCTETS);
                int left = store.load(each -> true).size();
                System.out.println(directory + ": started with " + left);
            } catch (IllegalArgumentException e) {
                System.out.println(directory + ": " + e.getMessage());
            } finally {
                if (store != null) {
                    store.close();
                }
            }
        }
    }
}
