package org.clientproxy.proxy.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.clientproxy.proxy.ProxyFixture;
import org.clientproxy.proxy.settings.SelectionPolicy;
import org.clientproxy.stream.SimulatedLoop;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The states of a resource and of the subscription move as the tables of docs/protocol.md say: the code allows the same moves,
 * and a long random play takes each of them.
 */
class StateGraphsTest {
    private static final Jid TARGET = Jid.parse("worker@some.example");
    private static final List<Jid> SESSIONS =
            List.of(Jid.parse("worker@some.example/a"), Jid.parse("worker@some.example/b"));
    private static final int STEPS = 20_000;

    private final SimulatedLoop loop = new SimulatedLoop();
    private final ResourcePool pool = new ResourcePool(SelectionPolicy.RANDOM, new Random(1));
    private final Random random = new Random(2);
    private final Set<String> seen = new TreeSet<>();

    /** The moves in the table that has this word over its first column. */
    private static Set<String> documented(String table) throws IOException {
        Set<String> moves = new TreeSet<>();
        Pattern row = Pattern.compile("\\| (?:`([A-Z]+)`.*?)?\\| `([A-Z]+)` \\| .* \\|");
        boolean inside = false;
        String from = "";
        for (String line : Files.readAllLines(Path.of("docs/protocol.md"))) {
            Matcher matcher = row.matcher(line);
            if (line.startsWith("| " + table + " | becomes |")) {
                inside = true;
            } else if (inside && line.isEmpty()) {
                inside = false;
            } else if (inside && matcher.matches()) {
                from = matcher.group(1) == null ? from : matcher.group(1);
                moves.add(from + " -> " + matcher.group(2));
            }
        }
        return moves;
    }

    private static <S> Set<String> allowed(S[] states, BiPredicate<S, S> mayBecome) {
        Set<String> moves = new TreeSet<>();
        for (S from : states) {
            for (S to : states) {
                if (mayBecome.test(from, to)) {
                    moves.add(from + " -> " + to);
                }
            }
        }
        return moves;
    }

    private void see(Object before, Object now) {
        if (before != now) {
            seen.add(before + " -> " + now);
        }
    }

    @Test
    void aResourceMovesAsDocumented() throws IOException {
        Set<String> moves = allowed(ResourceState.values(), ResourceState::mayBecome);
        assertThat(moves).isEqualTo(documented("resource"));
        playResources();
        assertThat(seen).isEqualTo(moves);
    }

    @Test
    void theSubscriptionMovesAsDocumented() throws IOException {
        Set<String> moves = allowed(SubscriptionState.values(), SubscriptionState::mayBecome);
        assertThat(moves).isEqualTo(documented("subscription"));
        playSubscription();
        assertThat(seen).isEqualTo(moves);
    }

    @Test
    void anEjectionMovesAsDocumented() throws IOException {
        Set<String> moves = allowed(EjectionState.values(), EjectionState::mayBecome);
        assertThat(moves).isEqualTo(documented("ejection"));
        playEjections();
        assertThat(seen).isEqualTo(moves);
    }

    @Test
    void anotherMoveIsAFault() {
        PooledResource resource = new PooledResource(SESSIONS.get(0));
        assertThatThrownBy(() -> resource.become(ResourceState.SUSPECT))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("worker@some.example/a cannot go from ABSENT to SUSPECT");
        assertThat(resource.state()).isEqualTo(ResourceState.ABSENT);
    }

    private void playResources() {
        TargetSubscription subscription = new TargetSubscription(
                ProxyFixture.settings(Path.of("unused")), loop, pool, new Unheard(), (type, to) -> {});
        boolean ready = false;
        Map<Jid, ResourceState> before = new HashMap<>();
        for (int step = 0; step < STEPS; step++) {
            SESSIONS.forEach(session -> before.put(session, state(session)));
            Jid session = SESSIONS.get(random.nextInt(SESSIONS.size()));
            switch (random.nextInt(12)) {
                case 0 -> {
                    if (!ready) {
                        subscription.streamReady();
                        ready = true;
                    }
                }
                case 1 -> {
                    if (random.nextInt(4) == 0) {
                        subscription.streamDown();
                        ready = false;
                    }
                }
                case 2 -> {
                    if (random.nextInt(4) == 0) {
                        subscription.stop();
                        ready = false;
                    }
                }
                case 3 -> receive(subscription, "unavailable", session);
                case 4 -> receive(subscription, random.nextBoolean() ? "error" : "unsubscribed", session);
                case 5, 6 -> receive(subscription, "subscribed", TARGET);
                case 7 -> pool.recall(session);
                case 8, 9 -> {
                    PooledResource resource = pool.find(session);
                    if (resource != null) {
                        subscription.suspect(resource);
                    }
                }
                case 10 -> loop.advance(Duration.ofSeconds(1));
                default -> receive(subscription, "", session);
            }
            SESSIONS.forEach(each -> see(before.get(each), state(each)));
            assertThat(pool.size()).isEqualTo((int) SESSIONS.stream()
                    .filter(each -> state(each) == ResourceState.PRESENT)
                    .count());
        }
    }

    private void playEjections() {
        Queue<Consumer<@Nullable Stanza>> pings = new ArrayDeque<>();
        Ejections ejections = new Ejections(
                ProxyFixture.settings(Path.of("unused")),
                loop,
                pool,
                (to, child, limit, heard) -> pings.add(heard),
                new Unheard(),
                resource -> {});
        Map<Jid, EjectionState> before = new HashMap<>();
        for (int step = 0; step < STEPS; step++) {
            SESSIONS.forEach(session -> before.put(session, ejection(session)));
            Jid session = SESSIONS.get(random.nextInt(SESSIONS.size()));
            PooledResource resource = pool.find(session);
            switch (random.nextInt(9)) {
                case 0 -> {
                    ejections.streamDown();
                    ejections.streamReady();
                }
                case 1 -> {
                    if (resource == null) {
                        pool.put(new TargetPresence("", session, null, 0, null), loop.nanoTime());
                    } else if (random.nextInt(4) == 0) {
                        pool.remove(resource);
                    }
                }
                case 2 -> loop.advance(Duration.ofSeconds(30));
                case 3 -> {
                    if (!pings.isEmpty()) {
                        pings.remove()
                                .accept(random.nextBoolean() ? null : StanzaXml.parse("<iq type='result' id='1'/>"));
                    }
                }
                default -> {
                    if (resource != null) {
                        ejections.timedOut(resource);
                    }
                }
            }
            SESSIONS.forEach(each -> see(before.get(each), ejection(each)));
            assertThat(ejections.size()).isLessThanOrEqualTo(pool.size());
        }
    }

    private EjectionState ejection(Jid session) {
        PooledResource resource = pool.find(session);
        return resource == null || resource.ejection() == null
                ? EjectionState.IN
                : resource.ejection().state();
    }

    private ResourceState state(Jid session) {
        PooledResource resource = pool.find(session);
        return resource == null ? ResourceState.ABSENT : resource.state();
    }

    private static void receive(TargetSubscription subscription, String type, Jid from) {
        subscription.receive(new TargetPresence(type, from, null, 0, null));
    }

    private void playSubscription() {
        SubscribeRequests requests = new SubscribeRequests(loop, pool, () -> {});
        for (int step = 0; step < STEPS; step++) {
            SubscriptionState before = requests.state();
            switch (random.nextInt(6)) {
                case 0 -> {
                    if (before == SubscriptionState.DOWN) {
                        requests.begin();
                        requests.ask();
                    }
                }
                case 1 -> requests.end();
                case 2 -> {
                    if (before != SubscriptionState.DOWN && requests.accepted()) {
                        requests.renewLater();
                    }
                }
                case 3 -> {
                    if (before != SubscriptionState.DOWN) {
                        assertThat(random.nextBoolean() ? requests.denied() : requests.failed())
                                .satisfies(delay ->
                                        assertThat(delay == null).isEqualTo(before == SubscriptionState.DENIED));
                    }
                }
                case 4 -> requests.renewSoon();
                default -> loop.advance(Duration.ofSeconds(61));
            }
            see(before, requests.state());
        }
    }

    /** What befalls the pending requests is another test's matter. */
    private static final class Unheard implements PoolListener {
        @Override
        public void resourceLeft(PooledResource resource, boolean settle) {}

        @Override
        public void poolConfirmed() {}
    }
}
