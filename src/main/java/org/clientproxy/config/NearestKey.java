package org.clientproxy.config;

import java.util.Collection;
import java.util.Comparator;

/** Finds what somebody meant who has mistyped a key. */
final class NearestKey {
    private NearestKey() {}

    /** The known key that is written most like this one; empty where none is within so many letters of it. */
    static String to(String key, Collection<String> known, int letters) {
        return known.stream()
                .min(Comparator.comparingInt(one -> distance(one, key)))
                .filter(one -> distance(one, key) <= letters)
                .orElse("");
    }

    /** How many letters must be changed, added or left out to get from one to the other (Levenshtein). */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
