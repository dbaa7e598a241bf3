package org.clientproxy.proxy.settings;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keys that belong together, in the order in which they are declared. Each method declares one. */
public final class KeySection {
    private final String title;
    private final List<ConfigKey<?>> keys = new ArrayList<>();

    KeySection(String title) {
        this.title = title;
    }

    /** What the keys are about. */
    public String title() {
        return title;
    }

    /** The keys, in the order in which lists show them. */
    public List<ConfigKey<?>> keys() {
        return Collections.unmodifiableList(keys);
    }

    /** A key with a default. */
    <T> ConfigKey<T> key(String key, Effect effect, ValueType<T> type, String defaultText, String meaning) {
        return add(key, effect, type, defaultText, "", meaning, false);
    }

    /** A key that may be empty, and is so by default. */
    <T> ConfigKey<T> optional(String key, Effect effect, ValueType<T> type, String whereEmpty, String meaning) {
        return add(key, effect, type, "", whereEmpty, meaning, false);
    }

    /** A key with a default that may be empty instead. */
    <T> ConfigKey<T> listed(
            String key, Effect effect, ValueType<T> type, String defaultText, String whereEmpty, String meaning) {
        return add(key, effect, type, defaultText, whereEmpty, meaning, false);
    }

    /** A key that must be set. */
    <T> ConfigKey<T> required(String key, Effect effect, ValueType<T> type, String meaning) {
        return add(key, effect, type, null, "", meaning, false);
    }

    /** A key whose value may not be shown to anybody; empty by default. */
    <T> ConfigKey<T> secret(String key, Effect effect, ValueType<T> type, String whereEmpty, String meaning) {
        return add(key, effect, type, "", whereEmpty, meaning, true);
    }

    private <T> ConfigKey<T> add(
            String key,
            Effect effect,
            ValueType<T> type,
            @Nullable String defaultText,
            String whereEmpty,
            String meaning,
            boolean secret) {
        ConfigKey<T> added = new ConfigKey<>(key, effect, type, defaultText, whereEmpty, meaning, secret);
        keys.add(added);
        return added;
    }
}
