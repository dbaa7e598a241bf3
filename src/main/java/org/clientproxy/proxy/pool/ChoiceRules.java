package org.clientproxy.proxy.pool;

import org.jspecify.annotations.Nullable;

/**
 * What is said of the choice of a resource for one request: by a route, beside the configuration, and by the request itself.
 *
 * @param sticky a hash of the key for which the choice is sticky, whatever {@code proxy.selection} says; null: as configured.
 *     The key itself may be long and a stranger's, so it is not kept
 * @param among the resources that may be chosen; null: all
 * @param feature what the request wants of its resource; null: nothing
 */
public record ChoiceRules(
        @Nullable Long sticky,
        @Nullable ResourcePatterns among,
        @Nullable WantedFeature feature) {
    /** Nothing is said. */
    public static final ChoiceRules NONE = new ChoiceRules(null, null, null);

    /** The choice is sticky for this key, whoever asks. */
    public ChoiceRules stickyBy(String key) {
        return new ChoiceRules(Sticky.seed(key), among, feature);
    }

    /** Only resources that match are chosen. */
    public ChoiceRules among(ResourcePatterns patterns) {
        return new ChoiceRules(sticky, patterns, feature);
    }

    /** The request wants this of its resource; null: nothing. */
    public ChoiceRules wanting(@Nullable WantedFeature wanted) {
        return new ChoiceRules(sticky, among, wanted);
    }

    /** Whether only a resource that announces the feature may be chosen. */
    boolean isFeatureRequired() {
        return feature != null && feature.required();
    }
}
