package org.clientproxy.proxy.cluster;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.clientproxy.proxy.cluster.Message.Word;
import org.jspecify.annotations.Nullable;

/**
 * What a process knows of the views that there have been, and whether what a member has may be out of date. A view is acted in when
 * all of its members have given their word in it, and only with a majority: so two views that are acted in have a member in
 * common that knows both, and knows their order. A member is out of date where a view may have been acted in without it since it acted
 * last: the others may have taken over what it owns, and settled what it holds.
 */
final class Agreement {
    private final ClusterRules rules;
    private final Map<View.Id, Map<Member, Word>> words = new HashMap<>();
    private @Nullable View view;
    private @Nullable View acted;
    private List<View> joined = List.of();
    // What the others are told in this view, which is what was known before it.
    private @Nullable View reportedActed;
    private List<View> reportedJoined = List.of();

    Agreement(ClusterRules rules) {
        this.rules = rules;
    }

    /** A view was delivered in which this process gives its word. */
    void join(View next) {
        view = next;
        words.keySet().removeIf(id -> id.number() < next.number());
        reportedActed = acted;
        reportedJoined = joined;
        joined = with(joined, next);
    }

    /** A view was delivered in which nobody acts, so nobody gives a word. */
    void leave() {
        view = null;
    }

    /** What this process says in this view. */
    Word word(Life life, boolean fresh, Message.Standing standing, boolean asks) {
        return new Word(present().id(), life, fresh, reportedActed, reportedJoined, standing, asks);
    }

    /** A member has given its word, in this view or in one that is still to come here. */
    void heard(Word word) {
        if (view == null || word.view().number() >= view.number()) {
            words.computeIfAbsent(word.view(), any -> new HashMap<>())
                    .merge(word.life().member(), word, Agreement::later);
        }
    }

    /** The word of the member in this view; null where it has not come. */
    @Nullable
    Word wordOf(Member member) {
        return view == null ? null : words.getOrDefault(view.id(), Map.of()).get(member);
    }

    /** All words of this view; null while some are missing. */
    @Nullable
    List<Word> all() {
        List<Word> all = new ArrayList<>();
        for (Member member : present().members()) {
            Word word = wordOf(member);
            if (word == null) {
                return null;
            }
            all.add(word);
        }
        return all;
    }

    /** Whether what this member has is surely not out of date. All members come to the same of the same words. */
    boolean isCurrent(Word one, Collection<Word> all) {
        if (one.fresh()) {
            return true;
        }
        View own = one.acted();
        if (own == null || isForgotten(own)) {
            return false;
        }
        Member member = one.life().member();
        for (Word reporter : all) {
            for (View other : known(reporter)) {
                if (!other.has(member)
                        && !isBefore(other, own)
                        && !isOfALoneOne(other, member, own)
                        && all.stream().noneMatch(word -> wasNeverIn(word, other))) {
                    return false;
                }
            }
        }
        return true;
    }

    /** This process acts in this view. */
    void act() {
        acted = view;
        joined = List.of();
    }

    /** In which view this process acted last; null: in none. */
    @Nullable
    View acted() {
        return acted;
    }

    /** One that begins anew gives another word, which may overtake the first. */
    private static Word later(Word one, Word other) {
        return other.life().count() > one.life().count() ? other : one;
    }

    private View present() {
        if (view == null) {
            throw new IllegalStateException("no view to agree on");
        }
        return view;
    }

    /**
     * Whether so many processes of that view are not here any more that a majority of the nodes may have acted since, of which
     * nobody here knows.
     */
    private boolean isForgotten(View own) {
        long left = own.members().stream().filter(present()::has).count();
        return own.members().size() > 1 && rules.nodes() - left >= rules.majority();
    }

    /**
     * Of two nodes one that goes on alone as a rule does not make the other one out of date that goes on alone by right, unless that one
     * has not gone on since both were together: then what it had is the other's.
     */
    private boolean isOfALoneOne(View other, Member member, View own) {
        return rules.nodes() == 2
                && other.members().size() == 1
                && other.members().get(0).node() > member.node()
                && !own.has(other.members().get(0));
    }

    private static List<View> known(Word word) {
        return word.acted() == null ? word.joined() : with(word.joined(), word.acted());
    }

    /** Whether the process has surely given no word in that view, though it is a member, so that nobody can have acted in it. */
    private static boolean wasNeverIn(Word word, View other) {
        return other.has(word.life().member())
                && (word.acted() == null || word.acted().number() <= other.number())
                && known(word).stream().noneMatch(other::equals);
    }

    /** Whether that view was over when this one, which was acted in, began: a node that is in both knows. */
    private static boolean isBefore(View other, View own) {
        for (Member mine : own.members()) {
            for (Member theirs : other.members()) {
                if (mine.node() == theirs.node()) {
                    return theirs.started() == mine.started()
                            ? other.number() < own.number()
                            : theirs.started() < mine.started();
                }
            }
        }
        return false;
    }

    private static List<View> with(List<View> some, View more) {
        List<View> all = new ArrayList<>(some);
        all.add(more);
        return List.copyOf(all);
    }
}
