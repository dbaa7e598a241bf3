package org.clientproxy.proxy.settings;

import java.util.function.Function;

/**
 * How the values of a key are written.
 *
 * @param parser the value that a text stands for; throws {@link IllegalArgumentException}, or {@link ArithmeticException}
 *     where a number is too large, at what is not allowed
 * @param allowed what is allowed, in words
 */
record ValueType<T>(Function<String, T> parser, String allowed) {}
