package org.clientproxy.proxy.settings;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Values that are text, or several texts with commas between. */
public final class Texts {
    private Texts() {}

    /** The items of a list, without the spaces around them; empty ones are none. */
    public static List<String> items(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    /** Any text, which whoever uses it checks. */
    static ValueType<String> any(String allowed) {
        return new ValueType<>(text -> text, allowed);
    }

    /** What can stand in a header as a bearer token (RFC 6750, section 2.1), and is too long to be guessed; or nothing. */
    static ValueType<String> bearer() {
        return new ValueType<>(
                text -> {
                    if (!text.isEmpty() && !text.matches("[A-Za-z0-9._~+/-]{16,}=*")) {
                        throw new IllegalArgumentException(
                                "make one with: head -c 32 /dev/urandom | basenc --base64url | tr -d =");
                    }
                    return text;
                },
                "16 or more letters, digits and characters of -._~+/");
    }

    static ValueType<List<String>> list(String allowed) {
        return new ValueType<>(Texts::items, allowed);
    }

    /** Some of these words, with commas between. */
    static ValueType<List<String>> among(String... words) {
        return new ValueType<>(
                text -> {
                    List<String> items = items(text);
                    items.forEach(item -> {
                        if (!Arrays.asList(words).contains(item)) {
                            throw new IllegalArgumentException("not one of them: " + item);
                        }
                    });
                    return items;
                },
                "of " + String.join(", ", words) + ", separated by commas");
    }

    static ValueType<Path> path(String allowed) {
        return new ValueType<>(text -> FilePath.of(notEmpty(text)), allowed);
    }

    /** A path, or nothing. */
    static ValueType<Optional<Path>> optionalPath(String allowed) {
        return new ValueType<>(text -> text.isEmpty() ? Optional.empty() : Optional.of(FilePath.of(text)), allowed);
    }

    /** What may stand in an endpoint's URI as it is; the resolver says whether there is such a host. */
    static ValueType<String> host() {
        return new ValueType<>(
                text -> {
                    if (text.matches("\\[[0-9A-Fa-f:.]+]")) {
                        return text.substring(1, text.length() - 1);
                    }
                    if (!text.matches("[\\p{L}\\p{M}\\p{N}._:-]+")) {
                        throw new IllegalArgumentException("no name of a host");
                    }
                    return text;
                },
                "a host name or IP address");
    }

    static ValueType<List<String>> routes() {
        return new ValueType<>(
                text -> {
                    List<String> routes = items(text);
                    if (routes.isEmpty()) {
                        throw new IllegalArgumentException("empty");
                    }
                    return routes;
                },
                "java, and patterns of route files such as file:routes/*.yaml, with commas between");
    }

    private static String notEmpty(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("empty");
        }
        return text;
    }
}
