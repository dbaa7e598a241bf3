package org.clientproxy.proxy.conversations;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import org.clientproxy.proxy.ProxyFixture;
import org.clientproxy.proxy.pool.PoolListener;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.pool.ResourcePool;
import org.clientproxy.proxy.pool.TargetPresence;
import org.clientproxy.proxy.pool.TargetSubscription;
import org.clientproxy.proxy.settings.MessageKeys;
import org.clientproxy.proxy.settings.PoolKeys;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.SelectionPolicy;
import org.clientproxy.stream.SimulatedLoop;
import org.clientproxy.xmpp.Jid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who holds a conversation, how long that is remembered, and of how many. */
class ConversationsTest implements PoolListener {
    private static final Jid ALICE = Jid.parse("alice@some.example/home");
    private static final Jid A = Jid.parse(ProxyFixture.A);
    private static final Jid B = Jid.parse(ProxyFixture.B);
    private static final int MOST = 1000;

    private final SimulatedLoop loop = new SimulatedLoop();
    private final ResourcePool pool = new ResourcePool(SelectionPolicy.RANDOM, new Random(1));
    private final ProxySettings settings = ProxyFixture.settings(Path.of("none"))
            .with(MessageKeys.MESSAGES, true)
            .with(MessageKeys.MAX_CONVERSATIONS, MOST);
    private final Conversations conversations = new Conversations(loop, pool, settings);
    private final TargetSubscription subscription =
            new TargetSubscription(settings, loop, pool, this, (type, to) -> {});

    @BeforeEach
    void twoAreThere() {
        subscription.streamReady();
        comes(A);
        comes(B);
    }

    @Override
    public void resourceLeft(PooledResource resource, boolean settle) {
        // Nothing is pending.
    }

    @Override
    public void poolConfirmed() {
        // Nobody waits.
    }

    private void comes(Jid resource) {
        subscription.receive(new TargetPresence("", resource, null, 0, null));
    }

    private void leaves(Jid resource) {
        subscription.receive(new TargetPresence("unavailable", resource, null, 0, null));
    }

    private static Conversation of(Jid requester) {
        return new Conversation(requester, Jid.parse("proxy.example"));
    }

    private static Conversation ofUser(int number) {
        return of(Jid.parse("user" + number + "@some.example/x"));
    }

    /** The other one than rendezvous hashing finds. */
    private Jid other(Conversation conversation) {
        PooledResource chosen = Objects.requireNonNull(pool.chooseForConversation(conversation));
        return chosen.jid().equals(A) ? B : A;
    }

    private Jid chosen(Conversation conversation) {
        return Objects.requireNonNull(conversations.choose(conversation)).jid();
    }

    @Test
    void whoWroteLastHoldsTheConversation() {
        Jid writer = other(of(ALICE));
        conversations.spoke(of(ALICE), writer);
        assertThat(chosen(of(Jid.parse("ALICE@some.example/phone")))).isEqualTo(writer);
        assertThat(chosen(of(ALICE.bare()))).isEqualTo(writer);
    }

    @Test
    void whoIsNotInThePoolHoldsNothing() {
        Jid hashed = chosen(of(ALICE));
        conversations.spoke(of(ALICE), Jid.parse("worker@some.example/elsewhere"));
        assertThat(chosen(of(ALICE))).isEqualTo(hashed);
    }

    @Test
    void aHolderThatLeavesAndReturnsHoldsItStillUnlessAnotherOneHasSpoken() {
        Jid writer = other(of(ALICE));
        conversations.spoke(of(ALICE), writer);
        leaves(writer);
        assertThat(conversations.holder(of(ALICE))).isNull();
        comes(writer);
        assertThat(chosen(of(ALICE))).isEqualTo(writer);
        leaves(writer);
        Jid next = chosen(of(ALICE));
        assertThat(next).isNotEqualTo(writer);
        comes(writer);
        assertThat(chosen(of(ALICE))).isEqualTo(next);
    }

    @Test
    void itIsKnownForHalfAnHourAfterTheLastWord() {
        Jid writer = other(of(ALICE));
        conversations.spoke(of(ALICE), writer);
        loop.advance(Conversations.KNOWN.minusSeconds(1));
        assertThat(chosen(of(ALICE))).isEqualTo(writer);
        loop.advance(Conversations.KNOWN.minusSeconds(1));
        assertThat(conversations.holder(of(ALICE))).isNotNull();
        loop.advance(Duration.ofSeconds(1));
        assertThat(conversations.holder(of(ALICE))).isNull();
    }

    @Test
    void afterTheBreakOfAStreamTheHolderIsTheSame() {
        Jid writer = other(of(ALICE));
        conversations.spoke(of(ALICE), writer);
        subscription.streamDown();
        assertThat(conversations.holder(of(ALICE))).isNull();
        subscription.streamReady();
        comes(A);
        comes(B);
        assertThat(chosen(of(ALICE))).isEqualTo(writer);
    }

    @Test
    void ofAMillionDistinctRequestersNoMoreAreRememberedThanTheBound() {
        for (int i = 0; i < 1_000_000; i++) {
            conversations.spoke(ofUser(i), A);
            assertThat(conversations.size()).isLessThanOrEqualTo(MOST);
        }
        assertThat(conversations.size()).isEqualTo(MOST);
        assertThat(conversations.holder(ofUser(999_999 - MOST))).isNull();
        assertThat(conversations.holder(ofUser(1_000_000 - MOST))).isNotNull();
    }

    @Test
    void theOneThatHasBeenSilentForLongestIsForgottenFirst() {
        for (int i = 0; i < MOST; i++) {
            conversations.spoke(ofUser(i), A);
        }
        chosen(ofUser(0));
        conversations.spoke(of(ALICE), A);
        assertThat(conversations.holder(ofUser(0))).isNotNull();
        assertThat(conversations.holder(ofUser(1))).isNull();
    }

    @Test
    void whoIsLookedForHasNotSpokenAgain() {
        for (int i = 0; i < MOST; i++) {
            conversations.spoke(ofUser(i), A);
        }
        assertThat(conversations.holder(ofUser(0))).isNotNull();
        conversations.spoke(of(ALICE), A);
        assertThat(conversations.holder(ofUser(0))).isNull();
        assertThat(conversations.holder(ofUser(1))).isNotNull();
    }

    @Test
    void thoseThatAreOverAreForgottenAsOthersBegin() {
        for (int i = 0; i < 10; i++) {
            conversations.spoke(ofUser(i), A);
        }
        loop.advance(Conversations.KNOWN);
        for (int i = 10; i < 15; i++) {
            conversations.spoke(ofUser(i), A);
        }
        assertThat(conversations.size()).isEqualTo(5);
    }

    @Test
    void anEditOfTheBoundHoldsAtOnce() {
        for (int i = 0; i < MOST; i++) {
            conversations.spoke(ofUser(i), A);
        }
        conversations.adjust(settings.with(MessageKeys.MAX_CONVERSATIONS, 10));
        assertThat(conversations.size()).isEqualTo(10);
        assertThat(conversations.holder(ofUser(MOST - 1))).isNotNull();
    }

    @Test
    void whereNobodyAsksForAHolderNothingIsKept() {
        conversations.spoke(of(ALICE), A);
        conversations.adjust(settings.with(MessageKeys.MESSAGES, false));
        assertThat(conversations.size()).isZero();
        conversations.spoke(of(ALICE), A);
        assertThat(conversations.size()).isZero();
        conversations.adjust(
                settings.with(MessageKeys.MESSAGES, false).with(PoolKeys.SELECTION, SelectionPolicy.STICKY));
        conversations.spoke(of(ALICE), A);
        assertThat(conversations.size()).isOne();
    }
}
