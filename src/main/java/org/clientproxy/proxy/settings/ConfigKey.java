package org.clientproxy.proxy.settings;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A key of the configuration: all that is to be known of it. The settings are read by it, and the tables and files that list
 * the keys are written from it. Keys are declared in {@link ServerKeys}, {@link PoolKeys}, {@link RequestKeys}, {@link
 * ClusterKeys}, {@link WorkerKeys}, {@link ReverseKeys}, {@link MessageKeys}, {@link PresenceKeys}, {@link AnswerKeys}, {@link RouteKeys} and {@link
 * ManagementKeys}, nowhere else.
 *
 * @param <T> what its values are
 */
public final class ConfigKey<T> {
    private final String key;
    private final Effect effect;
    private final ValueType<T> type;
    private final @Nullable String defaultText;
    private final @Nullable T defaultValue;
    private final String whereEmpty;
    private final String meaning;
    private final boolean secret;

    /**
     * @param key the key as it is written
     * @param effect when an edit of it takes effect
     * @param type how its values are written
     * @param defaultText the default as it is written; null where the key must be set
     * @param whereEmpty what an empty default stands for, in words; empty: for nothing
     * @param meaning what it says: a phrase without a full stop, with code in backticks
     * @param secret whether its value may not be shown to anybody
     */
    ConfigKey(
            String key,
            Effect effect,
            ValueType<T> type,
            @Nullable String defaultText,
            String whereEmpty,
            String meaning,
            boolean secret) {
        this.key = key;
        this.effect = effect;
        this.type = type;
        this.defaultText = defaultText;
        this.defaultValue = defaultText == null ? null : type.parser().apply(defaultText);
        this.whereEmpty = whereEmpty;
        this.meaning = meaning;
        this.secret = secret;
    }

    /** The key as it is written, such as {@code proxy.reply-timeout}. */
    public String key() {
        return key;
    }

    /** When an edit of it takes effect while the proxy runs. */
    public Effect effect() {
        return effect;
    }

    /** The default as it is written; null where the key must be set. */
    public @Nullable String defaultText() {
        return defaultText;
    }

    /** The default; null where the key must be set. */
    public @Nullable T defaultValue() {
        return defaultValue;
    }

    /** What an empty default stands for, in words; empty: for nothing. */
    public String whereEmpty() {
        return whereEmpty;
    }

    /** What is allowed, in words. */
    public String allowed() {
        return type.allowed();
    }

    /** What it says: a phrase without a full stop, with code in backticks. */
    public String meaning() {
        return meaning;
    }

    /** Whether its value may not be shown to anybody. */
    public boolean isSecret() {
        return secret;
    }

    /**
     * The value that a text stands for.
     *
     * @throws IllegalArgumentException that says what is wrong with the text, or says nothing where {@link #allowed} does
     * @throws ArithmeticException where a number is too large
     */
    public T parse(String text) {
        return type.parser().apply(text);
    }

    /** What comes after the first dot. */
    public String rest() {
        return key.substring(key.indexOf('.') + 1);
    }

    /** The key of one of several proxies, which is stronger than the common one: {@code proxy.NAME.xmpp.host}. */
    public String of(String proxy) {
        return "proxy." + proxy + '.' + (key.startsWith("proxy.") ? rest() : key);
    }

    /** The name of the environment variable that stands for a key. */
    public static String variable(String key) {
        return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    @Override
    public String toString() {
        return key;
    }
}
