package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clientproxy.proxy.ProxyFixture.A;
import static org.clientproxy.proxy.ProxyFixture.ALICE;
import static org.clientproxy.proxy.ProxyFixture.B;
import static org.clientproxy.proxy.ProxyFixture.BOB;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.clientproxy.proxy.pending.PendingRequest;
import org.clientproxy.proxy.pending.PendingStore;
import org.clientproxy.proxy.pending.ProxyErrors;
import org.clientproxy.proxy.pending.RestoredRequest;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaError.Condition;
import org.clientproxy.xmpp.StanzaErrorException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A proxy runs on a store that somebody else wrote, handed in as a bean. */
class OwnPendingStoreTest {
    @TempDir
    Path dataDir;

    private final List<String> calls = new ArrayList<>();
    private final List<ProxyFixture> proxies = new ArrayList<>();
    private boolean full;
    /** Whether it takes until the test says so to make anything last; the calls that wait for it. */
    private boolean slow;

    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private PendingStore.Holder holder;
    private int elsewhere;

    @AfterEach
    void stop() {
        proxies.forEach(ProxyFixture::close);
    }

    private ProxyFixture start(NavigableMap<Long, RestoredRequest> shared) throws Exception {
        CamelContext context = new DefaultCamelContext();
        PendingStore.Opening opening = (loop, clock) -> new MapStore(shared, loop, clock);
        context.getRegistry().bind("proxy-pending-store", opening);
        ProxyFixture proxy = ProxyFixture.start(context, dataDir);
        proxies.add(proxy);
        return proxy;
    }

    @Test
    void whatOneProcessSentOnTheNextOneAnswersOnce() throws Exception {
        NavigableMap<Long, RestoredRequest> first = new TreeMap<>();
        ProxyFixture before = start(first).ready(A);
        before.get(ALICE, "one");
        Stanza forwarded = before.onlySent();
        NavigableMap<Long, RestoredRequest> second = new TreeMap<>(first);
        assertThat(second).hasSize(1);

        ProxyFixture after = start(second).ready(A);
        after.result(forwarded);
        Stanza answer = after.onlySent();
        assertThat(answer.id()).isEqualTo("one");
        assertThat(answer.to()).isEqualTo(ALICE);
        assertThat(answer.type()).isEqualTo("result");
        assertThat(second).isEmpty();
        after.result(forwarded);
        assertThat(after.sent()).isEmpty();
    }

    @Test
    void whatWaitedForThePoolIsSentByTheNextProcess() throws Exception {
        NavigableMap<Long, RestoredRequest> first = new TreeMap<>();
        start(first).get(ALICE, "one");
        NavigableMap<Long, RestoredRequest> second = new TreeMap<>(first);
        assertThat(second.values()).singleElement().satisfies(left -> assertThat(left.waiting())
                .isTrue());

        ProxyFixture after = start(second);
        after.stream().become(StreamState.READY);
        after.receive("<presence from='worker@some.example' to='proxy.example' type='subscribed'/>");
        after.comes(A);
        assertThat(after.sent()).singleElement().satisfies(sent -> assertThat(sent.to())
                .isEqualTo(A));
    }

    @Test
    void callsComeInThePromisedOrder() throws Exception {
        ProxyFixture proxy = start(new TreeMap<>()).ready(A, B);
        proxy.get(ALICE, "one");
        Stanza forwarded = proxy.onlySent();
        proxy.leaves(forwarded.to());
        proxy.error(forwarded, "service-unavailable");
        Stanza again = proxy.onlySent();
        assertThat(again.to()).isNotEqualTo(forwarded.to());
        proxy.result(again);
        proxy.onlySent();
        proxy.close();
        proxies.clear();
        List<String> withoutFlushes = new ArrayList<>(calls);
        withoutFlushes.removeIf("flush"::equals);
        assertThat(withoutFlushes)
                .containsExactly("heldBy", "load", "idFor", "put 1", "idFor", "put 1", "answered 1", "close");
        assertThat(calls.indexOf("flush")).isNotNegative();
        assertThat(calls.subList(calls.indexOf("answered 1"), calls.size())).contains("flush");
    }

    @Test
    void theHolderKnowsWhoseReplyItIs() throws Exception {
        ProxyFixture proxy = start(new TreeMap<>()).ready(A);
        proxy.get(ALICE, "one");
        Stanza forwarded = proxy.onlySent();
        Stanza reply = reply(forwarded.to(), forwarded.id(), forwarded.from());
        assertThat(holder.isPending(reply)).isTrue();
        assertThat(holder.isPending(reply(forwarded.to(), "other", forwarded.from())))
                .isFalse();
        assertThat(holder.isPending(reply(B, forwarded.id(), forwarded.from()))).isFalse();
        proxy.result(forwarded);
        assertThat(holder.isPending(reply)).isFalse();
    }

    private static Stanza reply(String from, String id, String to) {
        return Stanza.of(Stanza.Kind.IQ, "result", id, from, to, "");
    }

    @Test
    void whoIsThereIsAskedWhenPresencesMayHaveGoneAstray() throws Exception {
        ProxyFixture proxy = start(new TreeMap<>()).ready(A);
        proxy.sentPresences();
        holder.askWhoIsThere(true);
        assertThat(proxy.sentPresences()).singleElement().satisfies(sent -> assertThat(sent.type())
                .isEqualTo("subscribe"));
    }

    @Test
    void whatItCannotKeepIsRefused() throws Exception {
        ProxyFixture proxy = start(new TreeMap<>()).ready(A);
        full = true;
        proxy.get(ALICE, "one");
        ProxyRequestsTest.assertError(proxy.onlySent(), Condition.RESOURCE_CONSTRAINT, StanzaError.Type.WAIT);
    }

    @Test
    void nothingIsWrittenBeforeItIsKept() throws Exception {
        ProxyFixture proxy = start(new TreeMap<>()).ready(A);
        slow = true;
        proxy.get(ALICE, "one");
        assertThat(proxy.sent()).isEmpty();
        proxy.get(ALICE, "two");
        assertThat(proxy.sent()).isEmpty();
        done();
        Stanza first = proxy.onlySent();
        done();
        Stanza second = proxy.onlySent();
        proxy.result(first);
        assertThat(proxy.sent())
                .as("no answer before it is known that it has one")
                .isEmpty();
        done();
        assertThat(proxy.onlySent().id()).isEqualTo("one");
        assertThat(second.id()).isEqualTo("node-2");
    }

    /** What waits longest lasts from now on. */
    private void done() {
        waiting.remove().run();
    }

    @Test
    void whatAnotherHadIsTakenUpAtAnyTime() throws Exception {
        NavigableMap<Long, RestoredRequest> others = new TreeMap<>();
        ProxyFixture other = start(others).ready(A, B);
        other.get(ALICE, "one");
        other.get(BOB, "two");
        List<Stanza> forwarded = other.sent();
        NavigableMap<Long, RestoredRequest> own = new TreeMap<>();
        ProxyFixture proxy = start(own).ready(A, B);
        proxy.get(BOB, "own");
        Stanza ofItsOwn = proxy.onlySent();
        holder.takeUp(List.copyOf(others.values()));
        assertThat(proxy.pendingRequests().size()).isEqualTo(3);

        proxy.result(forwarded.get(0));
        assertThat(proxy.onlySent().id()).isEqualTo("one");
        proxy.result(ofItsOwn);
        assertThat(proxy.onlySent().id()).isEqualTo("own");
        proxy.pass(Duration.ofSeconds(61));
        Stanza late = proxy.onlySent();
        assertThat(late.id()).isEqualTo("two");
        ProxyRequestsTest.assertError(late, Condition.REMOTE_SERVER_TIMEOUT, StanzaError.Type.WAIT);
        assertThat(calls).contains("answered 1", "answered 2");
    }

    @Test
    void whatIsTakenUpWithoutAStreamEndsWhenThereIsOne() throws Exception {
        NavigableMap<Long, RestoredRequest> others = new TreeMap<>();
        start(others).ready(A).get(ALICE, "one");
        ProxyFixture proxy = start(new TreeMap<>());
        holder.takeUp(List.copyOf(others.values()));
        proxy.pass(Duration.ofSeconds(61));
        assertThat(proxy.sent()).isEmpty();
        proxy.ready(A);
        proxy.pass(Duration.ofSeconds(1));
        assertThat(proxy.pendingRequests().size()).isZero();
    }

    @Test
    void whatOthersHaveIsNeitherAnsweredNorWritten() throws Exception {
        ProxyFixture proxy = start(new TreeMap<>()).ready(A);
        proxy.get(ALICE, "sent");
        Stanza forwarded = proxy.onlySent();
        proxy.get(ALICE, "replied");
        Stanza replied = proxy.onlySent();
        slow = true;
        proxy.result(replied);
        assertThat(proxy.sent()).isEmpty();
        calls.clear();
        holder.dropAll();
        waiting.clear();
        slow = false;
        assertThat(proxy.pendingRequests().size()).isZero();
        assertThat(proxy.stream().state()).isEqualTo(StreamState.DISCONNECTED);
        proxy.ready(A);
        proxy.result(forwarded);
        proxy.pass(Duration.ofMinutes(2));
        assertThat(proxy.sent()).isEmpty();
        assertThat(calls).noneMatch(call -> call.startsWith("answered"));
        proxy.get(ALICE, "new");
        proxy.result(proxy.onlySent());
        assertThat(proxy.onlySent().id()).isEqualTo("new");
    }

    @Test
    void someOfItMayBeAnothers() throws Exception {
        NavigableMap<Long, RestoredRequest> shared = new TreeMap<>();
        ProxyFixture proxy = start(shared).ready(A);
        proxy.get(ALICE, "stays");
        Stanza stays = proxy.onlySent();
        proxy.get(ALICE, "goes");
        Stanza goes = proxy.onlySent();
        holder.drop(Set.of(shared.get(2L).record()));
        assertThat(proxy.pendingRequests().size()).isOne();
        proxy.result(goes);
        assertThat(proxy.sent()).isEmpty();
        proxy.result(stays);
        assertThat(proxy.onlySent().id()).isEqualTo("stays");
        proxy.pass(Duration.ofMinutes(2));
        assertThat(proxy.sent()).isEmpty();
        assertThat(calls).doesNotContain("answered 2");
    }

    @Test
    void whatWaitedForAResourceIsDroppedToo() throws Exception {
        ProxyFixture proxy = start(new TreeMap<>());
        proxy.get(ALICE, "one");
        assertThat(proxy.pendingRequests().queued()).isOne();
        holder.dropAll();
        assertThat(proxy.pendingRequests().queued()).isZero();
        proxy.ready(A);
        proxy.pass(Duration.ofMinutes(2));
        assertThat(proxy.sent()).isEmpty();
    }

    @Test
    void whatIsPendingElsewhereCounts() throws Exception {
        ProxyFixture proxy = start(new TreeMap<>()).ready(A);
        elsewhere = 1_000_000;
        proxy.get(ALICE, "one");
        ProxyRequestsTest.assertError(proxy.onlySent(), Condition.RESOURCE_CONSTRAINT, StanzaError.Type.WAIT);
        elsewhere = 0;
        proxy.get(ALICE, "two");
        assertThat(proxy.onlySent().to()).isEqualTo(A);
    }

    /** Keeps requests in a map that outlives it, as another node would. */
    private final class MapStore implements PendingStore {
        private record Mark(long number) implements Recorded {}

        private final NavigableMap<Long, RestoredRequest> shared;
        private final StreamLoop loop;
        private final InstantSource clock;
        private final Map<Long, RestoredRequest> put = new TreeMap<>();
        private final Set<Long> answered = new HashSet<>();
        private final ArrayDeque<RestoredRequest> leftOver = new ArrayDeque<>();
        private long next;
        private int ids;

        MapStore(NavigableMap<Long, RestoredRequest> shared, StreamLoop loop, InstantSource clock) {
            this.shared = shared;
            this.loop = loop;
            this.clock = clock;
        }

        @Override
        public void heldBy(Holder who) {
            calls.add("heldBy");
            holder = who;
        }

        @Override
        public String idFor(PendingRequest pending) {
            calls.add("idFor");
            return "node-" + ++ids;
        }

        @Override
        public int pendingElsewhere() {
            return elsewhere;
        }

        @Override
        public List<RestoredRequest> load(Restoring restoring) {
            calls.add("load");
            next = shared.isEmpty() ? 0 : shared.lastKey();
            List<RestoredRequest> taken = new ArrayList<>();
            for (RestoredRequest left : shared.descendingMap().values()) {
                if (restoring.takesUp(left)) {
                    taken.add(0, left);
                } else {
                    leftOver.add(left.withoutContent());
                }
            }
            return taken;
        }

        @Override
        public int leftOver() {
            return leftOver.size();
        }

        @Override
        public List<RestoredRequest> nextLeftOver() {
            return leftOver.isEmpty() || !answered.isEmpty() ? List.of() : List.of(leftOver.remove());
        }

        @Override
        public void put(PendingRequest pending) {
            if (full) {
                throw new StanzaErrorException(ProxyErrors.NOT_STORED);
            }
            Mark mark = pending.stored() == null ? new Mark(++next) : (Mark) pending.stored();
            calls.add("put " + mark.number());
            pending.storedAs(mark);
            long restMillis = TimeUnit.NANOSECONDS.toMillis(pending.deadline - loop.nanoTime());
            boolean waits = pending.resource() == null;
            put.put(
                    mark.number(),
                    new RestoredRequest(
                            mark,
                            clock.millis() + restMillis,
                            waits && !pending.isReverse(),
                            pending.isReverse(),
                            String.valueOf(pending.key()),
                            pending.tried(),
                            Map.of(),
                            pending.request()));
            if (waits) {
                share();
            }
        }

        @Override
        public void answered(PendingRequest pending) {
            if (pending.stored() instanceof Mark mark) {
                calls.add("answered " + mark.number());
                pending.storedAs(null);
                answered.add(mark.number());
            }
        }

        @Override
        public boolean flush(Runnable then) {
            calls.add("flush");
            if (!slow && waiting.isEmpty()) {
                share();
                return true;
            }
            waiting.add(() -> {
                share();
                then.run();
            });
            return false;
        }

        private void share() {
            shared.putAll(put);
            put.clear();
            shared.keySet().removeAll(answered);
            answered.clear();
        }

        @Override
        public void close() {
            calls.add("close");
        }
    }
}
