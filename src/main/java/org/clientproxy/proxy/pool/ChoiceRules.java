package org.clientproxy.proxy.pool;

import org.jspecify.annotations.Nullable;

/**
 * What a route says of the choice of a resource for one request, beside the configuration.
 *
 * @param sticky a hash of the key for which the choice is sticky, whatever {@code proxy.selection} says; null: as configured.
 *     The key itself may be long and a stranger's, so it is not kept
 * @param among the resources that may be chosen; null: all
 */
public record ChoiceRules(@Nullable Long sticky, @Nullable ResourcePatterns among) {
    /** Nothing is said. */
    public static final ChoiceRules NONE = new ChoiceRules(null, null);

    /** The choice is sticky for this key, whoever asks. */
    public ChoiceRules stickyBy(String key) {
        return new ChoiceRules(Sticky.seed(key), among);
    }

    /** Only resources that match are chosen. */
    public ChoiceRules among(ResourcePatterns patterns) {
        return new ChoiceRules(sticky, patterns);
    }
}
