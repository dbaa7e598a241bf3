package org.clientproxy.proxy.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.clientproxy.proxy.cluster.ClusterRules.Streams;
import org.clientproxy.proxy.cluster.Message.Standing;
import org.clientproxy.proxy.cluster.Message.Word;
import org.jspecify.annotations.Nullable;

/**
 * One node's part in the protocol. Used on one thread, the loop. {@code docs/cluster.md} says what it promises.
 *
 * <p><b>Below</b> the engine calls {@link #viewDelivered}, {@link #received} and {@link #ended}, and the loop {@link #tick} every
 * 20 ms. <b>Above</b> the store of pending requests calls {@link #put}, {@link #replace} and {@link #settle}, and {@link #endTurn} when
 * what belongs together is complete; what the outbox got since the last turn goes to the socket when the barrier is passed.
 */
public final class ClusterNode {
    /** After which time a batch that is not acknowledged is sent again, in nanoseconds. */
    public static final long REPEAT_NANOS = 1_500_000_000L;

    /** The form of what nodes say to each other; those of another one cannot be members. */
    public static final int WIRE_VERSION = Wire.VERSION;

    private static final long WORD_REPEAT_NANOS = 250_000_000L;
    private static final long STATE_REPEAT_NANOS = 1_000_000_000L;

    private final Member self;
    private final ClusterRules rules;
    private final LongSupplier clock;
    private final Peers peers;
    private final ClusterListener listener;
    private final Agreement agreement;
    private final LoneRule loneRule;
    private final Members members;
    private final Owner owner;
    private final StreamRight right;
    private final Relays relays;
    private Backup backup;
    private Sessions sessions;
    private Life life;
    // Nothing was owned, held or settled in this life.
    private boolean fresh = true;
    private boolean closing;
    private boolean leaving;
    private boolean left;
    private @Nullable View view;
    private boolean acts;
    private long wordSaidAt;
    private long standingToldAt;
    private Standing told = new Standing(false, false, false, 0, 0);
    private long unreadable;
    private long fenced;

    /** @param clock in nanoseconds of the loop */
    public ClusterNode(Member self, ClusterRules rules, LongSupplier clock, Peers peers, ClusterListener listener) {
        this.self = self;
        this.rules = rules;
        this.clock = clock;
        this.peers = peers;
        this.listener = listener;
        this.life = Life.first(self);
        this.agreement = new Agreement(rules);
        this.loneRule = new LoneRule(rules, self, clock.getAsLong());
        this.members = new Members(self, this::standing);
        this.relays = new Relays(self, new RelayHere(), listener);
        this.owner = new Owner(this::sendBatch, members::isLeaving, members::hasStream, this::serves, relays::stranded);
        this.backup = new Backup(owner::arrived);
        this.sessions = new Sessions(backup);
        this.right = new StreamRight(self, rules, members, new RightSender(), listener);
    }

    // ---- The engine ----

    /** The engine has agreed on another view; one whose number is not greater than that of the last one is passed over. */
    public void viewDelivered(View next) {
        if (left || view != null && next.number() <= view.number() || !next.has(self)) {
            return;
        }
        long now = now();
        view = next;
        acts = false;
        owner.pause();
        right.pause();
        loneRule.viewDelivered(next, now);
        if (next.members().size() >= rules.majority()) {
            if (loneRule.isInDoubtIn(next, agreement.acted())) {
                beginAnew();
            }
            agreement.join(next);
            sayWord(now);
            agree(now);
        } else {
            agreement.leave();
            right.lose();
            goOnAlone(now);
        }
    }

    /** A message of {@link Peers#send}; one that cannot be read is dropped and counted. */
    public void received(Member from, byte[] octets) {
        if (left) {
            return;
        }
        long now = now();
        Message message = Wire.decode(octets, now);
        if (message instanceof Word word && word.life().member().equals(from)) {
            heard(from, word, now);
        } else if (message == null || message instanceof Word) {
            unreadable++;
        } else if (!acts || view == null || !message.view().equals(view.id()) || members.lifeOf(from) == null) {
            fenced++;
        } else {
            heardInView(from, message, now);
        }
    }

    /** The node's process has surely ended: its sockets have closed, and a connection to it is refused. Matters to two nodes only. */
    public void ended(int node) {
        long now = now();
        loneRule.ended(node);
        goOnAlone(now);
    }

    /** To be called every 20 ms: whatever should be otherwise is put right. */
    public void tick() {
        if (left) {
            return;
        }
        long now = now();
        goOnAlone(now);
        if (acts) {
            List<Long> handedOver = new ArrayList<>();
            owner.tick(now, handedOver);
            if (!handedOver.isEmpty()) {
                relays.gaveAway();
                listener.handedOver(handedOver);
            }
            relays.look();
            right.look(now);
            tellStanding(now);
            left = leaving && isEmpty();
        } else if (view != null && view.members().size() < rules.majority()) {
            left = leaving;
        } else if (view != null && now - wordSaidAt >= WORD_REPEAT_NANOS) {
            sayWord(now);
        }
    }

    // ---- The store ----

    /**
     * This node owns a further request.
     *
     * @param deadline in nanoseconds of the clock
     * @param body what whoever takes it over needs to know; not changed any more
     * @return its number
     */
    public long put(long deadline, byte[] body) {
        return owner.put(deadline, body);
    }

    /** The record of the request is another one from now on. Nothing happens where it is not this node's. */
    public void replace(long number, long deadline, byte[] body) {
        owner.replace(number, deadline, body);
    }

    /** The request has its answer, which waits for the barrier of this turn. Nothing happens where it is not this node's. */
    public void settle(long number) {
        owner.settle(number);
    }

    /**
     * What belongs together is complete.
     *
     * @param barrier is called once all that was put, replaced and settled up to now is acknowledged, after those of earlier turns: at
     *     once, if there is nothing to wait for. It is never called if the node begins anew before.
     */
    public void endTurn(Runnable barrier) {
        owner.endTurn(barrier, now());
    }

    /** Whether so many turns wait that no more should be read. */
    public boolean isWindowFull() {
        return owner.turns().size() >= rules.window();
    }

    // ---- What one node reads and another one is to have ----

    /**
     * A reply was read here that names this member as the owner of its request. It goes there, or to whoever has the request by now: to
     * {@link ClusterListener#reply} where that is this node.
     *
     * @param stanza not changed any more
     */
    public void replyRead(Member named, byte[] stanza) {
        relays.read(named, stanza);
    }

    /** Whether a reply that names this member is for a request of this node, if for any: then nobody need be asked. */
    public boolean isHere(Member named) {
        return named.equals(self) && relays.isOwnOnly();
    }

    /** All others get the stanza by {@link ClusterListener#stanza}, each once, unless it ends before. In the order of the calls. */
    public void tell(byte[] stanza) {
        relays.tell(stanza);
    }

    /**
     * One of the others that has a stream, or may have one, gets the stanza by {@link ClusterListener#stanza}, unless it ends before.
     *
     * @return false where there is none
     */
    public boolean passOn(byte[] stanza) {
        Life best = null;
        for (Life other : owner.others()) {
            Standing its = members.standing(other.member());
            if (its.mayStream() && !its.leaving() && (best == null || its.hasStream())) {
                best = other;
            }
        }
        if (best != null) {
            owner.pass(best, new Command(Command.Kind.STANZA, 0, 0, stanza, 0));
        }
        return best != null;
    }

    // ---- The stream ----

    /** The stream has ended, or could not be opened: a majority is asked before it is tried again. */
    public void streamEnded() {
        right.streamEnded(now());
    }

    /**
     * Whether the stream is to be opened now. Where there is one, not before the others have told that they own nothing: what those have
     * taken over that hold it is handed over to this node first.
     */
    public boolean mayOpen() {
        return acts && (rules.streams() != Streams.ONE || members.areIdle());
    }

    /** The stream is going to be closed for good: no request is ended here any more, for its answer would not go out. */
    public void closing() {
        closing = true;
    }

    // ---- Leaving ----

    /**
     * The node is going to leave, and its stream is closed: it hands over what it owns, and what it holds for others they take away. It
     * is to leave the engine's view when {@link #hasLeft}.
     */
    public void leave() {
        closing = true;
        leaving = true;
        right.lose();
        if (acts) {
            tellStanding(now());
        }
    }

    /**
     * Whether all is handed over, or nobody is there to take it. From then on the node hears nothing any more: what it acknowledged could go no further, where what it
     * does not acknowledge finds another way in the next view. The others wait for that, so it is to come soon.
     */
    public boolean hasLeft() {
        return left;
    }

    /** Whether nothing is owned, held or waiting here. */
    boolean isEmpty() {
        return owner.isEmpty() && backup.held() == 0 && relays.isEmpty();
    }

    // ---- Figures ----

    /** Whether this node acts: all members of a view with a majority have agreed on what each of them knows. */
    public boolean isActing() {
        return acts;
    }

    /** Whether others have a stream, as they should, and this one, which acts, should have none. */
    public boolean isStandby() {
        return acts
                && rules.streams() != Streams.ALL
                && !right.isMine()
                && members.lives().stream().anyMatch(members::hasStream);
    }

    /** The numbers of the nodes that have the right to a stream, as far as this one has heard, in order. */
    public List<Integer> streams() {
        List<Integer> all = new ArrayList<>();
        for (Life other : members.lives()) {
            if (members.hasStream(other)) {
                all.add(other.node());
            }
        }
        if (right.isMine()) {
            all.add(self.node());
        }
        all.sort(null);
        return all;
    }

    /** How many requests it owns. */
    public int owned() {
        return owner.size();
    }

    /** How many requests the others own, as they have told last: at the latest a second ago. */
    public int ownedElsewhere() {
        return members.owned();
    }

    /** How many requests of others it has copies of. */
    public int held() {
        return backup.held();
    }

    /** How many of its requests have no acknowledged copy, though they have been forwarded, or were another's. */
    public int unprotected() {
        return owner.unprotected();
    }

    /** How many turns wait for their acknowledgement. */
    public int turns() {
        return owner.turns().size();
    }

    /** How many messages were passed over since they were meant in another view than the present one, or by a life that is over. */
    public long fenced() {
        return fenced;
    }

    /** How many messages could not be read. */
    public long unreadable() {
        return unreadable;
    }

    /** Whether no node of the view has any request without an acknowledged copy, as far as it has said. */
    public boolean isRedundant() {
        return acts && owner.unprotected() == 0 && members.areRedundant();
    }

    // ---- The view ----

    private void heard(Member from, Word word, long now) {
        agreement.heard(word);
        if (view == null || !word.view().equals(view.id()) || view.members().size() < rules.majority()) {
            return;
        }
        if (!acts) {
            agree(now);
        }
        if (word.asks()) {
            send(from, ownWord());
        }
    }

    private void sayWord(long now) {
        wordSaidAt = now;
        Word word = agreement.word(life, fresh, standing(), false);
        agreement.heard(word);
        for (Member member : present().members()) {
            if (!member.equals(self)) {
                send(member, agreement.word(life, fresh, standing(), agreement.wordOf(member) == null));
            }
        }
    }

    /** Acts in the view, if all have given their word in it and none has anything that is out of date. */
    private void agree(long now) {
        List<Word> words = agreement.all();
        if (words != null && !agreement.isCurrent(ownWord(), words)) {
            beginAnew();
            sayWord(now);
            words = agreement.all();
        }
        if (words != null) {
            List<Word> all = words;
            // One that is out of date begins anew and gives another word.
            if (all.stream().allMatch(word -> agreement.isCurrent(word, all))) {
                act(all, now);
            }
        }
    }

    private void goOnAlone(long now) {
        if (acts || view == null || !loneRule.goesOnAt(now)) {
            return;
        }
        if (loneRule.isInDoubtAt(now)) {
            beginAnew();
        }
        agreement.join(view);
        sayWord(now);
        agree(now);
    }

    private void act(List<Word> words, long now) {
        boolean isSomebodyGone = members.lives().stream()
                .anyMatch(life -> words.stream().noneMatch(word -> word.life().equals(life)));
        agreement.act();
        loneRule.acts();
        acts = true;
        fresh = false;
        // Whoever was gone before can have no answer under way any more.
        backup.drop(this::isGone);
        members.are(words);
        sessions.drop(this::isGone);
        List<Backup.Taken> taken = backup.takeOver(this::isGone);
        int settled = backup.settled(this::isGone);
        if (settled > 0) {
            listener.perhapsUnwritten(settled);
        }
        taken.addAll(owner.act(members.lives(), now));
        for (Life other : members.lives()) {
            answer(other, sessions.remembered(other));
        }
        // First, for whoever gets the stream waits for those who own what is to be its own.
        adopt(taken, false, now);
        relays.look();
        if (isSomebodyGone) {
            listener.othersGone();
        }
        standingToldAt = now - STATE_REPEAT_NANOS;
        tellStanding(now);
        right.act(present(), now);
    }

    private boolean isGone(Life other) {
        return !members.has(other);
    }

    /** What this life owns, holds or waits for is over. */
    private void beginAnew() {
        if (fresh) {
            return;
        }
        life = life.next();
        fresh = true;
        acts = false;
        backup = new Backup(owner::arrived);
        sessions = new Sessions(backup);
        relays.gaveAway();
        owner.drop();
        right.pause();
        listener.beganAnew();
        right.lose();
    }

    private void heardInView(Member from, Message message, long now) {
        if (message instanceof Message.Batch batch) {
            if (batch.to().equals(life) && members.has(batch.from())) {
                List<Sessions.Results> results = sessions.accept(batch.from(), batch.sequence(), batch.commands());
                if (!results.isEmpty()) {
                    answer(batch.from(), results);
                    adopt(backup.handedOver(), true, now);
                    backup.passedOn().forEach(relays::arrived);
                }
            } else {
                fenced++;
            }
        } else if (message instanceof Message.Answers answers) {
            if (!answers.to().equals(life)) {
                fenced++;
            } else if (!owner.answered(answers.from(), answers.results(), now)) {
                // Somebody else answers what this node was about to: it is the one who does not know.
                beginAnew();
                peers.rejoin();
            }
        } else if (message instanceof Message.State state) {
            if (members.stands(from, state.standing())) {
                owner.repeat(Objects.requireNonNull(members.lifeOf(from)), now);
            }
            right.look(now);
        } else if (message instanceof Message.Ask ask) {
            right.asked(from, ask);
        } else if (message instanceof Message.Grant grant) {
            right.granted(from, grant);
        }
    }

    private void adopt(List<Backup.Taken> taken, boolean handed, long now) {
        if (taken.isEmpty()) {
            return;
        }
        List<ClusterListener.Taken> adopted = new ArrayList<>();
        for (Backup.Taken one : taken) {
            long number = handed ? owner.adopt(one) : owner.adopt(one.deadline(), one.body());
            adopted.add(new ClusterListener.Taken(number, one.deadline(), one.body()));
        }
        owner.place(now);
        listener.takenOver(adopted);
    }

    // ---- What is said ----

    private Standing standing() {
        return new Standing(
                rules.streams() != Streams.NONE, right.isMine(), leaving, owner.size(), owner.unprotected());
    }

    /** Tells the others, where this is news or they have not heard for a while. */
    private void tellStanding(long now) {
        boolean isNews = told.hasStream() != right.isMine()
                || told.leaving() != leaving
                || !right.isMine() && told.isIdle() != standing().isIdle();
        if (isNews || now - standingToldAt >= STATE_REPEAT_NANOS) {
            told = standing();
            standingToldAt = now;
            toOthers(new Message.State(present().id(), told), now);
        }
    }

    private void answer(Life other, List<Sessions.Results> results) {
        send(other.member(), new Message.Answers(present().id(), life, other, results));
    }

    private void sendBatch(Life to, long sequence, List<Command> commands) {
        send(to.member(), new Message.Batch(present().id(), life, to, sequence, commands));
    }

    private void toOthers(Message message, long now) {
        byte[] octets = Wire.encode(message, now);
        for (Member member : present().members()) {
            if (!member.equals(self)) {
                peers.send(member, octets);
            }
        }
    }

    private void send(Member to, Message message) {
        peers.send(to, Wire.encode(message, clock.getAsLong()));
    }

    private final class RelayHere implements Relays.Here {
        @Override
        public boolean acts() {
            return acts;
        }

        @Override
        public boolean answers() {
            return right.isMine() && !closing;
        }

        @Override
        public boolean ownsNothing() {
            return owner.size() == 0;
        }

        @Override
        public @Nullable Life lifeOf(Member member) {
            return members.lifeOf(member);
        }

        @Override
        public List<Life> others() {
            return owner.others();
        }

        @Override
        public void send(Life to, Command command) {
            owner.pass(to, command);
        }
    }

    private final class RightSender implements StreamRight.Sender {
        @Override
        public void ask(Message.Ask ask) {
            toOthers(ask, clock.getAsLong());
        }

        @Override
        public void grant(Member to, Message.Grant grant) {
            send(to, grant);
        }
    }

    private boolean serves() {
        return right.isMine();
    }

    private View present() {
        return Objects.requireNonNull(view);
    }

    private Word ownWord() {
        return Objects.requireNonNull(agreement.wordOf(self));
    }

    /** The time, in which this process runs. */
    private long now() {
        long now = clock.getAsLong();
        loneRule.runsAt(now);
        return now;
    }
}
