import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.Executors;
import org.apache.activemq.artemis.core.io.nio.NIOSequentialFileFactory;
import org.apache.activemq.artemis.core.journal.impl.JournalImpl;
import org.apache.activemq.artemis.utils.actors.OrderedExecutorFactory;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * What it costs to put a record and to remove it, in batches that must be the operating system's at their end, without a
 * sync. Each store in a new directory below the working directory, 256 records pending, four rounds of 320,000.
 */
public final class StoresBench {
    private static final int BATCH = Integer.getInteger("batch", 32);
    private static final int ROUND = 320_000;
    private static final int PENDING = 256;
    private static final byte[] RECORD = new byte[450];

    private interface Store {
        void put(long key) throws Exception;

        void remove(long key) throws Exception;

        void commit() throws Exception;
    }

    private StoresBench() {}

    public static void main(String[] args) throws Exception {
        new Random(1).nextBytes(RECORD);
        run("h2-mvstore", StoresBench::mvStore);
        run("rocksdb", StoresBench::rocksDb);
        run("artemis-journal", StoresBench::artemis);
        System.exit(0);
    }

    private interface Maker {
        Store make(Path directory) throws Exception;
    }

    private static void run(String name, Maker maker) throws Exception {
        Path directory = Files.createTempDirectory(Path.of("").toAbsolutePath(), "stores-bench-" + name);
        Store store = maker.make(directory);
        for (int round = 0; round < 4; round++) {
            long begin = System.nanoTime();
            long worst = 0;
            for (int i = 0; i < ROUND; i += BATCH) {
                long batchBegin = System.nanoTime();
                for (int j = 0; j < BATCH; j++) {
                    long key = (long) round * ROUND + i + j;
                    store.put(key);
                    if (key >= PENDING) {
                        store.remove(key - PENDING);
                    }
                }
                store.commit();
                worst = Math.max(worst, System.nanoTime() - batchBegin);
            }
            System.out.printf(
                    "%s: %.2f us per record, worst batch %.1f ms, %d MB on the disk%n",
                    name, (System.nanoTime() - begin) / 1e3 / ROUND, worst / 1e6, octets(directory) >> 20);
        }
        try (var files = Files.walk(directory)) {
            files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        }
    }

    private static long octets(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> {
                        try {
                            return Files.size(file);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .sum();
        }
    }

    private static Store mvStore(Path directory) {
        MVStore store = new MVStore.Builder()
                .fileName(directory.resolve("store").toString())
                .autoCommitDisabled()
                .open();
        MVMap<Long, byte[]> map = store.openMap("pending");
        return new Store() {
            @Override
            public void put(long key) {
                map.put(key, RECORD);
            }

            @Override
            public void remove(long key) {
                map.remove(key);
            }

            @Override
            public void commit() {
                store.commit();
            }
        };
    }

    private static Store rocksDb(Path directory) throws Exception {
        RocksDB.loadLibrary();
        RocksDB store = RocksDB.open(new Options().setCreateIfMissing(true), directory.toString());
        WriteOptions options = new WriteOptions();
        WriteBatch batch = new WriteBatch();
        return new Store() {
            @Override
            public void put(long key) throws Exception {
                batch.put(octets(key), RECORD);
            }

            @Override
            public void remove(long key) throws Exception {
                batch.delete(octets(key));
            }

            @Override
            public void commit() throws Exception {
                store.write(options, batch);
                batch.clear();
            }

            private byte[] octets(long key) {
                return ByteBuffer.allocate(Long.BYTES).putLong(key).array();
            }
        };
    }

    private static Store artemis(Path directory) throws Exception {
        JournalImpl journal = new JournalImpl(
                new OrderedExecutorFactory(Executors.newCachedThreadPool()),
                4 << 20, 2, 4, 10, 30,
                new NIOSequentialFileFactory(directory.toFile(), false, 1),
                "pending", "journal", 1, 0);
        journal.start();
        journal.loadInternalOnly();
        return new Store() {
            @Override
            public void put(long key) throws Exception {
                journal.appendAddRecord(key, (byte) 1, RECORD, false);
            }

            @Override
            public void remove(long key) throws Exception {
                journal.appendDeleteRecord(key, false);
            }

            @Override
            public void commit() throws Exception {
                journal.flush();
            }
        };
    }
}
