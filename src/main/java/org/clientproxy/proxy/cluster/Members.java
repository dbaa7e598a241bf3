package org.clientproxy.proxy.cluster;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The members of the view in which this node acts: which life each is in, and how it stands. */
final class Members {
    private static final Message.Standing UNKNOWN = new Message.Standing(false, false, false, 0, 0);

    private static final class Other {
        final Life life;
        Message.Standing standing;
        boolean acts;

        Other(Life life, Message.Standing standing) {
            this.life = life;
            this.standing = standing;
        }
    }

    private final Member self;
    private final Supplier<Message.Standing> own;
    private Map<Member, Other> others = Map.of();

    Members(Member self, Supplier<Message.Standing> own) {
        this.self = self;
        this.own = own;
    }

    /** All of a view have given these words. */
    void are(List<Message.Word> words) {
        others = new HashMap<>();
        for (Message.Word word : words) {
            if (!word.life().member().equals(self)) {
                others.put(word.life().member(), new Other(word.life(), word.standing()));
            }
        }
    }

    /** The life of another member; null where there is none. */
    @Nullable
    Life lifeOf(Member member) {
        Other other = others.get(member);
        return other == null ? null : other.life;
    }

    Collection<Life> lives() {
        return others.values().stream().map(other -> other.life).toList();
    }

    /** Whether this is the life of a member. */
    boolean has(Life life) {
        return life.equals(lifeOf(life.member()));
    }

    /** The member acts in the view and stands so; true where that it acts is new. */
    boolean stands(Member member, Message.Standing standing) {
        Other other = others.get(member);
        if (other == null) {
            return false;
        }
        other.standing = standing;
        boolean first = !other.acts;
        other.acts = true;
        return first;
    }

    Message.Standing standing(Member member) {
        if (member.equals(self)) {
            return own.get();
        }
        Other other = others.get(member);
        return other == null ? UNKNOWN : other.standing;
    }

    boolean isLeaving(Life life) {
        return standing(life.member()).leaving();
    }

    boolean hasStream(Life life) {
        return standing(life.member()).hasStream();
    }

    /** How many requests the others own, as far as they have said. */
    int owned() {
        return others.values().stream()
                .mapToInt(other -> other.standing.owned())
                .sum();
    }

    /** Whether each of the others acts, and has told that it owns nothing. */
    boolean areIdle() {
        return others.values().stream().allMatch(other -> other.acts && other.standing.isIdle());
    }

    /** Whether each of the others acts, and has told that all that it owns has its copy. */
    boolean areRedundant() {
        return others.values().stream().allMatch(other -> other.acts && other.standing.unprotected() == 0);
    }
}
