package org.clientproxy.proxy.routes;

import java.util.Set;
import org.clientproxy.proxy.pool.ChoiceRules;
import org.clientproxy.proxy.pool.WantedFeature;
import org.clientproxy.proxy.settings.FeatureUse;
import org.clientproxy.xml.ChildNamespace;
import org.clientproxy.xmpp.Namespaces;
import org.clientproxy.xmpp.Stanza;

/**
 * Says which feature a request wants of its resource, by {@code proxy.features}: the namespace of its child. Questions of
 * service discovery want none, for each session can say what it is.
 */
final class WantedFeatures {
    private static final Set<String> ANYBODYS = Set.of(Namespaces.DISCO_INFO, Namespaces.DISCO_ITEMS);

    private final FeatureUse use;

    WantedFeatures(FeatureUse use) {
        this.use = use;
    }

    /** The rules with the feature that the request wants. */
    ChoiceRules with(ChoiceRules rules, Stanza request) {
        if (use == FeatureUse.OFF || rules.feature() != null) {
            return rules;
        }
        String namespace = ChildNamespace.of(request);
        return namespace == null || ANYBODYS.contains(namespace)
                ? rules
                : rules.wanting(new WantedFeature(namespace, use == FeatureUse.REQUIRE));
    }
}
