package org.clientproxy.proxy.jgroups;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.clientproxy.proxy.cluster.ClusterRules;
import org.clientproxy.proxy.cluster.Member;
import org.clientproxy.proxy.cluster.View;
import org.clientproxy.proxy.pending.PendingRequest;
import org.clientproxy.proxy.pending.PendingStore;
import org.clientproxy.proxy.pending.RestoredRequest;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.stream.ComponentStream;
import org.clientproxy.stream.SimulatedLoop;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two stores between which messages pass or not, on one simulated clock. */
class ClusterStoreTest {
    private static final int WINDOW = 4;
    private static final ProxySettings SETTINGS =
            ProxySettings.of("proxy", Jid.parse("proxy.example"), Jid.parse("worker@some.example"));
    private static final ClusterRules RULES =
            new ClusterRules(2, ClusterRules.Streams.ONE, ClusterRules.Lone.STOP, Duration.ofSeconds(5), WINDOW);

    private final SimulatedLoop loop = new SimulatedLoop();
    private final Map<Member, Engine.Above> engines = new HashMap<>();
    private final List<String> streamOfOne = new ArrayList<>();
    private boolean silent;
    private int takenUp;
    private StreamState state = StreamState.DISCONNECTED;
    private ClusterStore one;

    private final class Network implements Engine {
        private final Member self;

        Network(Member self) {
            this.self = self;
        }

        @Override
        public void join(Above above) {
            engines.put(self, above);
        }

        @Override
        public void leave() {
            engines.remove(self);
        }

        @Override
        public void send(Member to, byte[] octets) {
            if (!silent) {
                loop.execute(() -> {
                    if (engines.containsKey(to)) {
                        engines.get(to).received(self, octets);
                    }
                });
            }
        }

        @Override
        public void rejoin() {
            throw new AssertionError("nothing went wrong");
        }

        @Override
        public String toString() {
            return "proxy.example";
        }
    }

    private final class Requests implements PendingStore.Holder {
        @Override
        public void takeUp(List<RestoredRequest> others) {
            takenUp += others.size();
        }

        @Override
        public void drop(Set<? extends PendingStore.Recorded> marks) {
            // It is the other one's now.
        }

        @Override
        public void dropAll() {
            throw new AssertionError("nobody was away");
        }

        @Override
        public boolean isPending(Stanza reply) {
            throw new AssertionError("no reply comes");
        }
    }

    private ComponentStream stream(List<String> calls) {
        return (ComponentStream) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ComponentStream.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "loop":
                            return loop;
                        case "state":
                            return state;
                        case "pauseReading":
                            calls.add(arguments[0] + " " + arguments[1]);
                            return null;
                        default:
                            calls.add(method.getName());
                            return null;
                    }
                });
    }

    private ClusterStore store(int number, List<String> calls) {
        Member self = new Member(number, 1);
        InstantSource clock = InstantSource.fixed(Instant.EPOCH);
        ClusterStore store = new ClusterStore(self, RULES, SETTINGS, stream(calls), clock, new Network(self));
        store.heldBy(new Requests());
        store.load(restored -> true);
        return store;
    }

    @BeforeEach
    void join() {
        one = store(1, streamOfOne);
        store(2, new ArrayList<>());
        List<Member> both = List.of(new Member(1, 1), new Member(2, 1));
        List.copyOf(engines.values()).forEach(each -> each.viewDelivered(new View(1, both.get(0), both)));
        loop.advance(Duration.ofSeconds(3));
        streamOfOne.clear();
        assertThat(one.figures().acting()).isTrue();
        assertThat(one.figures().redundant()).isTrue();
        assertThat(one.figures().members()).containsExactly(1, 2);
        assertThat(one.figures().streams()).containsExactly(1);
    }

    private PendingRequest turn() {
        Stanza request =
                Stanza.of(Stanza.Kind.IQ, "get", "1", "alice@some.example/home", "proxy.example", "<q xmlns='urn:q'/>");
        PendingRequest pending =
                new PendingRequest(request, request.fromJid(), loop.nanoTime(), loop.nanoTime() + 60_000_000_000L);
        pending.attempt(new PooledResource(Jid.parse("worker@some.example/a")), "key", 0);
        one.put(pending);
        one.flush(() -> {});
        return pending;
    }

    @Test
    void readsNoMoreWhileTheOtherDoesNotKeepUp() {
        silent = true;
        for (int i = 0; i < WINDOW; i++) {
            assertThat(streamOfOne).isEmpty();
            turn();
        }
        assertThat(streamOfOne).containsExactly("STORE true");
        loop.advance(Duration.ofSeconds(1));
        assertThat(streamOfOne).containsExactly("STORE true");
        silent = false;
        loop.advance(Duration.ofSeconds(2));
        assertThat(streamOfOne).containsExactly("STORE true", "STORE false");
        assertThat(one.figures().turns()).isZero();
    }

    @Test
    void closesItsStreamWhenItFindsThatItStoodStill() {
        state = StreamState.READY;
        loop.advance(Duration.ofSeconds(1));
        assertThat(streamOfOne).isEmpty();
        loop.stall(Duration.ofSeconds(6));
        loop.advance(Duration.ofMillis(20));
        assertThat(streamOfOne).contains("withdraw");
    }

    @Test
    void writesWhatWaitsBeforeItClosesItsStreamAndHandsOverWhatItCannotWrite() {
        state = StreamState.READY;
        PendingRequest pending = turn();
        PendingRequest other = turn();
        loop.advance(Duration.ofMillis(20));
        one.answered(other);
        silent = true;
        one.flush(() -> streamOfOne.add("written"));
        CompletableFuture<Boolean> stopped = CompletableFuture.supplyAsync(one::handOver);
        until(() -> streamOfOne.contains("STORE true"));
        loop.advance(Duration.ofMillis(100));
        assertThat(streamOfOne).doesNotContain("withdraw");
        silent = false;
        loop.advance(Duration.ofMillis(1600));
        assertThat(streamOfOne).containsSubsequence("written", "withdraw");
        state = StreamState.CLOSING;
        one.answered(pending);
        one.flush(() -> streamOfOne.add("never written"));
        state = StreamState.DISCONNECTED;
        until(stopped::isDone);
        assertThat(stopped).isCompletedWithValue(true);
        assertThat(takenUp).isEqualTo(1);
        assertThat(one.figures().owned()).isZero();
        assertThat(engines).as("it leaves at once").doesNotContainKey(new Member(1, 1));
    }

    private void until(BooleanSupplier condition) {
        Awaitility.await().until(() -> {
            loop.advance(Duration.ofMillis(20));
            return condition.getAsBoolean();
        });
    }

    @Test
    void countsWhatItCannotRead() {
        engines.get(new Member(1, 1)).received(new Member(2, 1), new byte[] {99});
        loop.advance(Duration.ofMillis(20));
        assertThat(one.figures().unreadable()).isEqualTo(1);
    }
}
