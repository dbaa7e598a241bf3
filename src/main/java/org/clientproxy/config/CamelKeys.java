package org.clientproxy.config;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The keys of Camel that our pages tell of. Camel passes over a key of a group that it does not know, and one that is nearly one
 * of these was meant to be it.
 */
final class CamelKeys {
    private static final List<String> DOCUMENTED = List.of(
            "camel.health.enabled",
            "camel.health.excludePattern",
            "camel.main.devConsoleEnabled",
            "camel.main.jmxEnabled",
            "camel.main.jmxManagementMBeansLevel",
            "camel.main.jmxManagementStatisticsLevel",
            "camel.main.tracing",
            "camel.main.tracingStandby",
            "camel.management.authenticationEnabled",
            "camel.management.basicPropertiesFile",
            "camel.management.devConsoleEnabled",
            "camel.management.enabled",
            "camel.management.healthCheckEnabled",
            "camel.management.host",
            "camel.management.metricsEnabled",
            "camel.management.port",
            "camel.management.useGlobalSslContextParameters",
            "camel.opentelemetry2.enabled",
            "camel.opentelemetry2.traceProcessors",
            "camel.routeController.superviseEnabled",
            "camel.ssl.enabled",
            "camel.ssl.keyStore",
            "camel.ssl.keystorePassword",
            "camel.trace.enabled",
            "trace.addresses");

    /** Others of Camel's that are written nearly like one of them. */
    private static final List<String> ALIKE = List.of("camel.opentelemetry.enabled", "camel.opentelemetry.traceProcessors");

    private static final int LETTERS = 2;

    private static final Map<String, String> BY_FOLDED =
            DOCUMENTED.stream().collect(Collectors.toMap(CamelKeys::folded, key -> key));

    private CamelKeys() {}

    /** The one that a key, or an environment variable, was meant to be; empty where it is one, or is like none. */
    static String meant(String written) {
        String folded = folded(written);
        if (isOne(written) || ALIKE.stream().map(CamelKeys::folded).anyMatch(folded::equals)) {
            return "";
        }
        return BY_FOLDED.getOrDefault(NearestKey.to(folded, BY_FOLDED.keySet(), LETTERS), "");
    }

    /** Whether a key is one of them. */
    static boolean isOne(String key) {
        return BY_FOLDED.containsKey(folded(key));
    }

    /** As Camel compares keys: without regard to case and dashes, and to what stands for a dot in a variable. */
    private static String folded(String key) {
        return key.toLowerCase(Locale.ROOT).replaceAll("[-._]", "");
    }
}
