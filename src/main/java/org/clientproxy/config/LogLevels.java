package org.clientproxy.config;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The environment variables that set the levels of the log. Logback would take a level that it does not know for DEBUG. */
public final class LogLevels {
    private static final List<String> VARIABLES = List.of("LOG_LEVEL", "LOG_LEVEL_CAMEL");
    private static final List<String> LEVELS = List.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "OFF");

    private LogLevels() {}

    /** @throws IllegalArgumentException where one of them is no level; it says what is allowed */
    public static void check(Map<String, String> environment) {
        for (String variable : VARIABLES) {
            String level = environment.getOrDefault(variable, "INFO");
            if (!level.isEmpty() && !LEVELS.contains(level.toUpperCase(Locale.ROOT))) {
                throw new IllegalArgumentException("environment variable " + variable + " is " + level
                        + ", which is not allowed; allowed: " + String.join(", ", LEVELS));
            }
        }
    }
}
