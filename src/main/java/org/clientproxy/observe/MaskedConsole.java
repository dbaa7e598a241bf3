package org.clientproxy.observe;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.console.DevConsole;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** A page of Camel's developer console without the secrets that it shows, in both of its forms. */
final class MaskedConsole implements DevConsole {
    private final DevConsole console;
    private final Secrets secrets;

    MaskedConsole(DevConsole console, Secrets secrets) {
        this.console = console;
        this.secrets = secrets;
    }

    DevConsole original() {
        return console;
    }

    @Override
    public String getGroup() {
        return console.getGroup();
    }

    @Override
    public String getId() {
        return console.getId();
    }

    @Override
    public String getDisplayName() {
        return console.getDisplayName();
    }

    @Override
    public String getDescription() {
        return console.getDescription();
    }

    @Override
    public boolean supportMediaType(MediaType mediaType) {
        return console.supportMediaType(mediaType);
    }

    @Override
    public @Nullable Object call(MediaType mediaType, Map<String, Object> options) {
        return masked(console.call(mediaType, options), secrets.now());
    }

    private static @Nullable Object masked(@Nullable Object shown, Secrets secrets) {
        if (shown instanceof CharSequence) {
            return secrets.masked(shown.toString());
        } else if (shown instanceof Map<?, ?> map) {
            return masked(map, secrets);
        } else if (shown instanceof Collection<?> several) {
            JsonArray array = new JsonArray();
            several.forEach(each -> array.add(masked(each, secrets)));
            return array;
        } else if (shown instanceof Object[] several) {
            return masked(Arrays.asList(several), secrets);
        }
        // Numbers and the like. Another object is written as its text.
        return shown == null || shown instanceof Number || shown instanceof Boolean
                ? shown
                : secrets.masked(shown.toString());
    }

    /** Also a key and its value, each as a member of its own. */
    private static JsonObject masked(Map<?, ?> map, Secrets secrets) {
        Map<String, Object> masked = new LinkedHashMap<>();
        boolean ofSecret = map.get("key") instanceof String key && Secrets.isSecret(key);
        map.forEach((name, value) -> {
            String key = String.valueOf(name);
            boolean secret = Secrets.isSecret(key)
                    || ofSecret && key.toLowerCase(Locale.ROOT).endsWith("value");
            masked.put(
                    secrets.masked(key),
                    secret && value instanceof CharSequence text && !text.isEmpty()
                            ? Secrets.MASK
                            : masked(value, secrets));
        });
        return new JsonObject(masked);
    }
}
