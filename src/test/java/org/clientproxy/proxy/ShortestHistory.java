package org.clientproxy.proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Takes out of the steps that led to a failure those without which there is a failure still. */
public final class ShortestHistory {
    private ShortestHistory() {}

    /**
     * The failure with the shortest history that shows it.
     *
     * @param where how the failure is found again
     * @param most so many shorter histories are tried
     * @param failure what these steps fail with in a fresh system; null: with nothing
     */
    public static <S> AssertionError of(
            Throwable found, String where, List<S> history, int most, Function<List<S>, @Nullable Throwable> failure) {
        List<S> shortest = history;
        Throwable shown = found;
        int tries = 0;
        for (int chunk = history.size(); chunk > 0; chunk /= 2) {
            for (int at = 0; at < shortest.size() && tries < most; tries++) {
                List<S> shorter = new ArrayList<>(shortest);
                shorter.subList(at, Math.min(shorter.size(), at + chunk)).clear();
                Throwable still = failure.apply(shorter);
                if (still == null) {
                    at += chunk;
                } else {
                    shortest = shorter;
                    shown = still;
                }
            }
        }
        return new AssertionError(where + ": " + shown.getMessage() + "\nafter " + shortest, shown);
    }
}
