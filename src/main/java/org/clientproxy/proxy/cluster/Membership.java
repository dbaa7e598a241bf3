package org.clientproxy.proxy.cluster;

import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.clientproxy.proxy.cluster.Message.Standing;
import org.clientproxy.proxy.cluster.Message.Word;
import org.jspecify.annotations.Nullable;

/**
 * In which views this node acts, and as which life. It acts in a view with a majority when all members have given their word and none has
 * anything that is out of date; one of two may act alone. What is out of date begins anew.
 */
final class Membership {
    /** What follows from it. */
    interface Listener {
        /** There is another view. Nothing is sent, taken over or acknowledged before this node acts in it. */
        void paused();

        /** The view has no majority. */
        void withoutMajority();

        /** All members have given these words, and this node acts in the view. */
        void acting(List<Word> words, long now);

        /** What the last life owned, held or waited for is over. */
        void beganAnew();
    }

    private static final long WORD_REPEAT_NANOS = 250_000_000L;

    private final Member self;
    private final ClusterRules rules;
    private final Supplier<Standing> standing;
    private final MessageSender sender;
    private final Listener listener;
    private final Agreement agreement;
    private final LoneRule loneRule;
    private Life life;
    // Nothing was owned, held or settled in this life.
    private boolean fresh = true;
    private @Nullable View view;
    private boolean acts;
    private long wordSaidAt;

    /** @param standing how this node stands at the moment */
    Membership(
            Member self,
            ClusterRules rules,
            Supplier<Standing> standing,
            MessageSender sender,
            Listener listener,
            long now) {
        this.self = self;
        this.rules = rules;
        this.standing = standing;
        this.sender = sender;
        this.listener = listener;
        this.agreement = new Agreement(rules);
        this.loneRule = new LoneRule(rules, self, now);
        this.life = Life.first(self);
    }

    /** Whether this node acts: all members of a view with a majority have agreed on what each of them knows. */
    boolean acts() {
        return acts;
    }

    /** The same, of the view that has this name. */
    boolean actsIn(View.Id id) {
        return acts && view != null && id.equals(view.id());
    }

    /** The view that came last; there is one wherever this node acts. */
    View present() {
        return Objects.requireNonNull(view);
    }

    /** What this process is now. */
    Life life() {
        return life;
    }

    boolean isWithoutMajority() {
        return view != null && !hasMajority(view);
    }

    private boolean hasMajority(View in) {
        return in.members().size() >= rules.majority();
    }

    /** This process runs at that time. To be called before anything else that happens then. */
    void runsAt(long now) {
        loneRule.runsAt(now);
    }

    /** Whether the view comes after the last one, and has this process. */
    boolean isNext(View next) {
        return (view == null || next.number() > view.number()) && next.has(self);
    }

    /** The engine has agreed on this view, which {@linkplain #isNext is the next}. */
    void viewDelivered(View next, long now) {
        view = next;
        acts = false;
        listener.paused();
        loneRule.viewDelivered(next, now);
        if (hasMajority(next)) {
            if (loneRule.isInDoubtIn(next, agreement.acted())) {
                beginAnew();
            }
            agreement.join(next);
            sayWord(now);
            agree(now);
        } else {
            agreement.leave();
            listener.withoutMajority();
            goOnAlone(now);
        }
    }

    /** A member has given its word. */
    void heard(Word word, long now) {
        agreement.heard(word);
        if (view == null || !word.view().equals(view.id()) || !hasMajority(view)) {
            return;
        }
        if (!acts) {
            agree(now);
        }
        if (word.asks()) {
            sender.send(word.life().member(), ownWord());
        }
    }

    /** The node's process has surely ended. */
    void ended(int node, long now) {
        loneRule.ended(node);
        goOnAlone(now);
    }

    /** To be called again and again: goes on alone where it is time for that, or gives its word again where some are missing. */
    void look(long now) {
        goOnAlone(now);
        if (!acts && view != null && hasMajority(view) && now - wordSaidAt >= WORD_REPEAT_NANOS) {
            sayWord(now);
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

    private void sayWord(long now) {
        wordSaidAt = now;
        agreement.heard(agreement.word(life, fresh, standing.get(), false));
        for (Member member : present().members()) {
            if (!member.equals(self)) {
                sender.send(member, agreement.word(life, fresh, standing.get(), agreement.wordOf(member) == null));
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

    private void act(List<Word> words, long now) {
        agreement.act();
        loneRule.acts();
        acts = true;
        fresh = false;
        listener.acting(words, now);
    }

    /** What this life owns, holds or waits for is over. */
    void beginAnew() {
        if (fresh) {
            return;
        }
        life = life.next();
        fresh = true;
        acts = false;
        listener.beganAnew();
    }

    private Word ownWord() {
        return Objects.requireNonNull(agreement.wordOf(self));
    }
}
