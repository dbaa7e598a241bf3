package org.clientproxy.proxy.settings;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Values of which there are a few, each with a word. */
final class Choices {
    private Choices() {}

    /** The constants of an enum, in lower case and with {@code -} for {@code _}. */
    static <E extends Enum<E>> ValueType<E> of(Class<E> type) {
        List<E> constants = List.of(type.getEnumConstants());
        return of(constants, Choices::word);
    }

    /** Some of the constants of an enum, with commas between. */
    static <E extends Enum<E>> ValueType<List<E>> some(Class<E> type) {
        ValueType<E> one = of(type);
        return new ValueType<>(
                text -> Texts.items(text).stream().map(one.parser()).distinct().toList(),
                "of "
                        + Arrays.stream(type.getEnumConstants())
                                .map(Choices::word)
                                .collect(Collectors.joining(", ")) + ", separated by commas");
    }

    /** The same, but at least one, or the word {@code off} for none. */
    static <E extends Enum<E>> ValueType<Set<E>> someOrOff(Class<E> type) {
        ValueType<List<E>> some = some(type);
        return new ValueType<>(
                text -> {
                    Set<E> named = EnumSet.noneOf(type);
                    if (!text.equals("off") && !named.addAll(some.parser().apply(text))) {
                        throw new IllegalArgumentException();
                    }
                    return Collections.unmodifiableSet(named);
                },
                "off, " + of(type).allowed() + ", or several of these separated by commas");
    }

    static ValueType<Boolean> bool() {
        return of(List.of(true, false), String::valueOf);
    }

    static ValueType<Boolean> onOff() {
        return of(List.of(true, false), value -> value ? "on" : "off");
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static <T> ValueType<T> of(List<T> values, Function<T, String> word) {
        List<String> words = values.stream().map(word).toList();
        int last = words.size() - 1;
        return new ValueType<>(
                text -> {
                    int index = words.indexOf(text);
                    if (index < 0) {
                        throw new IllegalArgumentException();
                    }
                    return values.get(index);
                },
                String.join(", ", words.subList(0, last)) + " or " + words.get(last));
    }
}
