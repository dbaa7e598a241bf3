package org.clientproxy.proxy.settings;

import java.util.List;
import org.clientproxy.xmpp.StanzaError.Condition;

/** Values that are conditions of stanza errors (RFC 6120 §8.3.3). */
final class Conditions {
    private Conditions() {}

    /** Conditions by their names, with commas between; none is allowed. */
    static ValueType<List<Condition>> list() {
        return new ValueType<>(
                text -> Texts.items(text).stream().map(Conditions::named).toList(),
                "conditions of RFC 6120 §8.3.3, such as resource-constraint, separated by commas");
    }

    private static Condition named(String name) {
        Condition condition = Condition.of(name);
        if (!condition.xmlName().equals(name)) {
            throw new IllegalArgumentException("no condition: " + name);
        }
        return condition;
    }
}
