package org.clientproxy.proxy.pool;

import java.util.List;
import org.clientproxy.proxy.settings.Texts;
import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;

/** Patterns of resourceparts, in which {@code *} is any text and {@code ?} one character. Any thread. */
public final class ResourcePatterns {
    private final List<String> texts;
    private final List<int[]> patterns;

    public ResourcePatterns(List<String> patterns) {
        this.texts = List.copyOf(patterns);
        this.patterns =
                patterns.stream().map(pattern -> pattern.codePoints().toArray()).toList();
    }

    /** Patterns with commas between; empty ones are left out. */
    public static ResourcePatterns parse(String text) {
        return new ResourcePatterns(Texts.items(text));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ResourcePatterns that && texts.equals(that.texts);
    }

    @Override
    public int hashCode() {
        return texts.hashCode();
    }

    /** Whether there is none at all. */
    public boolean isEmpty() {
        return patterns.isEmpty();
    }

    /** Whether one of them matches the resourcepart of a full address. */
    public boolean match(Jid session) {
        String resource = session.resource();
        if (resource == null) {
            return false;
        }
        int[] text = resource.codePoints().toArray();
        for (int[] pattern : patterns) {
            if (matches(pattern, text)) {
                return true;
            }
        }
        return false;
    }

    /** Takes each {@code *} for as little as it can be, and one more each time when the rest does not match. */
    private static boolean matches(int[] pattern, int[] text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int starText = 0;
        while (t < text.length) {
            if (p < pattern.length && pattern[p] == '*') {
                star = p++;
                starText = t;
            } else if (p < pattern.length && (pattern[p] == '?' || pattern[p] == text[t])) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++starText;
            } else {
                return false;
            }
        }
        while (p < pattern.length && pattern[p] == '*') {
            p++;
        }
        return p == pattern.length;
    }
}
