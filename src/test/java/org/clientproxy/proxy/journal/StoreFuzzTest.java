package org.clientproxy.proxy.journal;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.clientproxy.proxy.pending.PendingRequest;
import org.clientproxy.proxy.pending.RestoredRequest;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.scenarios.CapturedLog;
import org.clientproxy.stream.SimulatedLoop;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Directories of pending requests with octets flipped, cut, added, doubled, and changed against others, in one file or
 * several: each starts, or says why not in one sentence. None gives back a request that was answered, nor what was never
 * put, nor anything twice; it gives back what is in the files that nobody touched.
 */
class StoreFuzzTest {
    private static final int SMALL = 4096;
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path temporary;

    private final Random random = new Random(Long.getLong("seed", 1));
    private final SimulatedLoop loop = new SimulatedLoop();
    private final Map<String, byte[]> put = new HashMap<>();
    private final Map<String, String> lastKey = new HashMap<>();
    private final Map<String, Path> place = new HashMap<>();
    private TreeMap<String, byte[]> files = new TreeMap<>();

    /** A directory with requests that were answered, tried again, moved, and large. */
    @BeforeEach
    void write() throws IOException {
        Path directory = temporary.resolve("original");
        JournalStore store = JournalStore.open(directory, loop, () -> NOW, SMALL);
        List<PendingRequest> pending = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            PendingRequest one = request("id" + i, i == 40 ? 3 * SMALL : random.nextInt(300));
            attempt(one, "worker@some.example/a", "first");
            store.put(one);
            if (i % 7 == 0) {
                attempt(one, "worker@some.example/b", "second");
                store.put(one);
            }
            pending.add(one);
            store.flush(() -> {});
            while (pending.size() > 24 || random.nextInt(3) == 0 && !pending.isEmpty()) {
                PendingRequest over = pending.remove(random.nextInt(pending.size()));
                if (over.request().id().equals("id40")) {
                    pending.add(over);
                    continue;
                }
                store.answered(over);
                put.remove(over.request().id());
            }
            store.flush(() -> {});
        }
        for (PendingRequest left : pending) {
            place.put(left.request().id(), ((Place) left.stored()).segment.file());
        }
        store.close();
        for (Path file : StoreFiles.in(directory)) {
            files.put("" + file.getFileName(), Files.readAllBytes(file));
        }
        assertThat(files).hasSizeGreaterThan(3);
        assertThat(put).hasSizeGreaterThan(5).containsKey("id40");
    }

    private PendingRequest request(String id, int payload) {
        Stanza stanza = StanzaXml.parse("<iq type='set' id='" + id
                + "' from='alice@some.example/home' to='proxy.example'><q xmlns='urn:q'>" + "x".repeat(payload)
                + "</q></iq>");
        put.put(id, stanza.toBytes());
        return new PendingRequest(
                stanza,
                stanza.fromJid(),
                0,
                loop.nanoTime() + Duration.ofSeconds(60).toNanos());
    }

    private void attempt(PendingRequest pending, String resource, String key) {
        pending.attempt(new PooledResource(Jid.parse(resource)), key, 0);
        lastKey.put(pending.request().id(), key);
    }

    @Test
    void everyMutatedDirectoryStartsOrSaysWhyNot() throws Exception {
        int refused = 0;
        int damaged = 0;
        for (int run = 0; run < Integer.getInteger("fuzz.runs", 600); run++) {
            TreeMap<String, byte[]> mutated = new TreeMap<>(files);
            Set<String> touched = new HashSet<>();
            for (int i = random.nextInt(3); i >= 0; i--) {
                mutate(mutated, touched);
            }
            Path directory = Files.createDirectory(temporary.resolve("run" + run));
            for (Map.Entry<String, byte[]> file : mutated.entrySet()) {
                Files.write(directory.resolve(file.getKey()), file.getValue());
            }
            try (CapturedLog log = CapturedLog.ofUs(Level.OFF)) {
                List<String> first = start(directory, touched, run);
                assertThat(start(directory, touched, run)).as("run %d", run).isEqualTo(first);
                damaged += StoreFiles.names(directory).stream().anyMatch(name -> name.endsWith(".damaged")) ? 1 : 0;
            } catch (IllegalArgumentException e) {
                assertThat(e.getMessage())
                        .as("run %d", run)
                        .contains("" + directory)
                        .doesNotContain("\n");
                refused++;
            }
            org.apache.camel.util.FileUtil.removeDir(directory.toFile());
        }
        assertThat(damaged).isPositive();
        assertThat(refused).isZero();
    }

    private List<String> start(Path directory, Set<String> touched, int run) {
        JournalStore store = JournalStore.open(directory, loop, () -> NOW, SMALL);
        try {
            List<RestoredRequest> left = store.load(each -> true);
            List<String> ids = new ArrayList<>();
            for (RestoredRequest stored : left) {
                String id = stored.request().id();
                assertThat(put).as("run %d", run).containsKey(id);
                assertThat(stored.request().toBytes()).as("run %d", run).isEqualTo(put.get(id));
                assertThat(stored.key()).as("run %d, %s", run, id).isEqualTo(lastKey.get(id));
                ids.add(id);
            }
            assertThat(ids).as("run %d", run).doesNotHaveDuplicates();
            place.forEach((id, file) -> {
                if (!touched.contains("" + file.getFileName())) {
                    assertThat(ids).as("run %d", run).contains(id);
                }
            });
            return ids;
        } finally {
            store.close();
        }
    }

    private void mutate(Map<String, byte[]> mutated, Set<String> touched) {
        List<String> names = new ArrayList<>(mutated.keySet());
        String name = names.get(random.nextInt(names.size()));
        String other = names.get(random.nextInt(names.size()));
        byte[] octets = mutated.get(name).clone();
        byte[] others = mutated.get(other).clone();
        touched.add(name);
        int length = 1 + random.nextInt(random.nextBoolean() ? 16 : 600);
        int at = at(octets, length);
        int from = at(others, length);
        length = Math.min(length, Math.min(octets.length - at, others.length - from));
        switch (random.nextInt(10)) {
            case 0, 1 -> {
                if (octets.length > 0) {
                    octets[at] ^= (byte) (1 << random.nextInt(8));
                }
            }
            case 2 -> octets = Arrays.copyOf(octets, at);
            case 3 -> octets = Arrays.copyOf(octets, Math.max(0, octets.length - 1 - random.nextInt(3)));
            case 4 -> octets = Arrays.copyOf(octets, octets.length + 1 + random.nextInt(600));
            case 5 -> System.arraycopy(others, from, octets, at, length);
            case 6 -> {
                // Octets that change their places, in one file or two.
                byte[] mine = Arrays.copyOfRange(octets, at, at + length);
                System.arraycopy(others, from, octets, at, length);
                System.arraycopy(mine, 0, others, from, length);
                if (!name.equals(other)) {
                    touched.add(other);
                    mutated.put(other, others);
                }
            }
            case 7 -> Arrays.fill(octets, at, at + length, (byte) random.nextInt(2));
            case 8 -> {
                byte[] longer = new byte[octets.length + length];
                System.arraycopy(octets, 0, longer, 0, at);
                System.arraycopy(others, from, longer, at, length);
                System.arraycopy(octets, at, longer, at + length, octets.length - at);
                octets = longer;
            }
            default -> {
                // A copy, in the place of another one or beside it.
                String copy = random.nextBoolean() ? other : String.format("%016d.pending", random.nextInt(200));
                touched.add(copy);
                mutated.put(copy, octets.clone());
            }
        }
        mutated.put(name, octets);
    }

    /** Somewhere; half of the time among header and states, for these are small. */
    private int at(byte[] octets, int length) {
        int most = random.nextBoolean() ? Math.min(octets.length, 100) : octets.length - length;
        return most <= 0 ? 0 : random.nextInt(most);
    }
}
