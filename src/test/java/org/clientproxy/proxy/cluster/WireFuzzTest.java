package org.clientproxy.proxy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.clientproxy.proxy.cluster.Command.Kind;
import org.clientproxy.proxy.cluster.Message.Standing;
import org.junit.jupiter.api.Test;

/**
 * Messages between nodes read back as they were written; changed, cut and lengthened ones are refused or read as another message that
 * is written as it was read, and never believed about how much there is. {@code -Dfuzz.runs=N} makes it N, {@code -Dseed=N} others.
 */
class WireFuzzTest {
    private static final Member A = new Member(1, 1_700_000_000_000L);
    private static final Member B = new Member(2, 1_700_000_000_001L);
    private static final View VIEW = new View(7, A, List.of(A, B));
    private static final Standing STANDING = new Standing(true, false, true, 12, 3);
    private static final List<Message> MESSAGES = List.of(
            new Message.Word(VIEW.id(), Life.first(A), true, null, List.of(), STANDING, false),
            new Message.Word(VIEW.id(), Life.first(A).next(), false, VIEW, List.of(VIEW, VIEW), STANDING, true),
            new Message.State(VIEW.id(), STANDING),
            new Message.Batch(
                    VIEW.id(),
                    Life.first(A),
                    Life.first(B),
                    41,
                    List.of(
                            new Command(Kind.PUT, 1, 5_000, new byte[] {1, 2, 3}, 8),
                            new Command(Kind.REPLACE, 1, 6_000, new byte[0], 0),
                            Command.of(Kind.SETTLE, 1),
                            Command.of(Kind.FORGET, 2),
                            Command.of(Kind.HAND_OVER, 3),
                            new Command(Kind.REPLY, 0, 0, new byte[] {4}, 0),
                            new Command(Kind.REPLY_TO_ALL, 1, 0, new byte[] {5}, 0),
                            new Command(Kind.STANZA, 0, 0, new byte[] {6}, 0))),
            new Message.Answers(
                    VIEW.id(), Life.first(B), Life.first(A), List.of(new Sessions.Results(41, new boolean[] {
                        true, false, true
                    }))),
            new Message.Ask(VIEW.id(), 3, true),
            new Message.Grant(VIEW.id(), 3));

    private final Random random = new Random(Long.getLong("seed", 1));

    @Test
    void eachMessageReadsBack() {
        for (Message message : MESSAGES) {
            byte[] octets = Wire.encode(message, 1000);
            Message read = Wire.decode(octets, 1000);
            assertThat(read).usingRecursiveComparison().isEqualTo(message);
        }
    }

    @Test
    void aDeadlineIsTheTimeThatIsLeft() {
        byte[] octets = Wire.encode(MESSAGES.get(3), 1000);
        Message.Batch read = (Message.Batch) Wire.decode(octets, -50_000);
        assertThat(read.commands().get(0).deadline()).isEqualTo(-46_000);
    }

    @Test
    void anotherVersionIsNotRead() {
        byte[] octets = Wire.encode(MESSAGES.get(0), 0);
        octets[0]++;
        assertThat(Wire.decode(octets, 0)).isNull();
    }

    @Test
    void whatIsChangedIsRefusedOrIsAnotherMessage() {
        int runs = Integer.getInteger("fuzz.runs", 100_000);
        int refused = 0;
        for (int run = 0; run < runs; run++) {
            byte[] octets = mutated(Wire.encode(MESSAGES.get(random.nextInt(MESSAGES.size())), 0));
            Message read = Wire.decode(octets, 0);
            if (read == null) {
                refused++;
            } else {
                assertThat(Wire.encode(read, 0)).isEqualTo(octets);
            }
        }
        assertThat(refused).isBetween(runs / 10, runs * 9 / 10);
    }

    private byte[] mutated(byte[] octets) {
        byte[] changed = octets;
        for (int times = 1 + random.nextInt(3); times > 0; times--) {
            switch (random.nextInt(4)) {
                case 0 -> changed = Arrays.copyOf(changed, random.nextInt(changed.length + 1));
                case 1 -> changed = Arrays.copyOf(changed, changed.length + random.nextInt(4));
                default -> {
                    if (changed.length > 0) {
                        changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
                    }
                }
            }
        }
        return changed;
    }
}
