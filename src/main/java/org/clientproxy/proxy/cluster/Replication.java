package org.clientproxy.proxy.cluster;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.clientproxy.proxy.cluster.Message.Standing;
import org.clientproxy.proxy.cluster.Message.Word;
import org.jspecify.annotations.Nullable;

/**
 * The requests that this node owns, the copies that it holds for others, and the stanzas that go between the nodes: all that batches
 * and their acknowledgements are about. Here one becomes the other, when an owner is gone or hands over.
 */
final class Replication implements Relays.Here {
    private final Membership membership;
    private final Members members;
    private final MessageSender sender;
    private final ClusterListener listener;
    private final BooleanSupplier answers;
    private final Owner owner;
    private final Relays relays;
    private Backup backup;
    private Sessions sessions;

    /**
     * @param serves whether this node has the right to a stream
     * @param answers whether an answer that is made here goes out
     */
    Replication(
            Member self,
            Membership membership,
            Members members,
            MessageSender sender,
            ClusterListener listener,
            BooleanSupplier serves,
            BooleanSupplier answers) {
        this.membership = membership;
        this.members = members;
        this.sender = sender;
        this.listener = listener;
        this.answers = answers;
        this.relays = new Relays(self, this, listener);
        this.owner = new Owner(this::sendBatch, members::isLeaving, members::hasStream, serves, relays::stranded);
        this.backup = new Backup(owner::arrived);
        this.sessions = new Sessions(backup);
    }

    Owner owner() {
        return owner;
    }

    Relays relays() {
        return relays;
    }

    /** How many requests of others this node has copies of. */
    int held() {
        return backup.held();
    }

    /** Whether nothing is owned, held or waiting here. */
    boolean isEmpty() {
        return owner.isEmpty() && backup.held() == 0 && relays.isEmpty();
    }

    /** This node acts in a view whose members have given these words: what those owned that are not among them is its own now. */
    void act(List<Word> words, long now) {
        boolean isSomebodyGone = members.lives().stream()
                .anyMatch(life -> words.stream().noneMatch(word -> word.life().equals(life)));
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
            acknowledge(other, sessions.remembered(other));
        }
        // First, for whoever gets the stream waits for those who own what is to be its own.
        adopt(taken, false, now);
        relays.look();
        if (isSomebodyGone) {
            listener.othersGone();
        }
    }

    private boolean isGone(Life other) {
        return !members.has(other);
    }

    /** A batch of a member has come. */
    void accept(Message.Batch batch, long now) {
        List<Sessions.Results> results = sessions.accept(batch.from(), batch.sequence(), batch.commands());
        if (!results.isEmpty()) {
            acknowledge(batch.from(), results);
            adopt(backup.handedOver(), true, now);
            backup.passedOn().forEach(relays::arrived);
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

    /** Puts right what should be otherwise; only while this node acts. */
    void tick(long now) {
        List<Long> handedOver = new ArrayList<>();
        owner.tick(now, handedOver);
        if (!handedOver.isEmpty()) {
            relays.gaveAway();
            listener.handedOver(handedOver);
        }
        relays.look();
    }

    /** What the last life owned or held is others', or forgotten. */
    void beginAnew() {
        backup = new Backup(owner::arrived);
        sessions = new Sessions(backup);
        relays.gaveAway();
        owner.drop();
    }

    /**
     * One of the others that has a stream, or may have one, gets the stanza.
     *
     * @return false where there is none
     */
    boolean passOn(byte[] stanza) {
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

    private void sendBatch(Life to, long sequence, List<Command> commands) {
        sender.send(
                to.member(), new Message.Batch(membership.present().id(), membership.life(), to, sequence, commands));
    }

    private void acknowledge(Life other, List<Sessions.Results> results) {
        sender.send(other.member(), new Message.Answers(membership.present().id(), membership.life(), other, results));
    }

    // ---- What its relays know ----

    @Override
    public boolean acts() {
        return membership.acts();
    }

    @Override
    public boolean answers() {
        return answers.getAsBoolean();
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
    public Collection<Life> others() {
        return owner.others();
    }

    @Override
    public void send(Life to, Command command) {
        owner.pass(to, command);
    }
}
