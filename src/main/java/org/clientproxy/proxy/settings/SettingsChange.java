package org.clientproxy.proxy.settings;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What an edit changes of the settings of one proxy: the keys that have another value, and never a value. */
public final class SettingsChange {
    private final List<ConfigKey<?>> keys;

    private SettingsChange(Set<ConfigKey<?>> keys) {
        this.keys = new ArrayList<>(keys);
    }

    /** The change from one to the other, both of the same proxy. */
    public static SettingsChange between(ProxySettings before, ProxySettings now) {
        Set<ConfigKey<?>> changed = new LinkedHashSet<>();
        for (ConfigKey<?> key : ConfigKeys.all()) {
            if (!before.get(key).equals(now.get(key))) {
                // The operator knows where the secret stands.
                boolean inFile = key == ServerKeys.SECRET
                        && !now.get(ServerKeys.SECRET_FILE).isEmpty();
                changed.add(inFile ? ServerKeys.SECRET_FILE : key);
            }
        }
        return new SettingsChange(changed);
    }

    /** Whether nothing differs. */
    public boolean isEmpty() {
        return keys.isEmpty();
    }

    /** Whether a key differs that takes effect so. */
    public boolean has(Effect effect) {
        return keys.stream().anyMatch(key -> key.effect() == effect);
    }

    /** The keys that differ, in the order of the declarations. */
    public List<ConfigKey<?>> keys() {
        return List.copyOf(keys);
    }

    /** The keys with when they take effect, for a log. */
    @Override
    public String toString() {
        return Arrays.stream(Effect.values())
                .filter(this::has)
                .map(effect -> effect.words() + ": "
                        + keys.stream()
                                .filter(key -> key.effect() == effect)
                                .map(ConfigKey::key)
                                .collect(Collectors.joining(", ")))
                .collect(Collectors.joining("; "));
    }
}
