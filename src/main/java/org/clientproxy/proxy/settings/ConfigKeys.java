package org.clientproxy.proxy.settings;

import java.util.List;

/** Every key of the configuration. */
public final class ConfigKeys {
    /** The sections of the keys that each proxy may have for itself, in the order in which lists show them. */
    public static final List<KeySection> SECTIONS = List.of(
            ServerKeys.SECTION,
            PoolKeys.SECTION,
            RequestKeys.SECTION,
            ClusterKeys.SECTION,
            WorkerKeys.SECTION,
            ReverseKeys.SECTION,
            AnswerKeys.SECTION,
            MessageKeys.SECTION,
            PresenceKeys.SECTION,
            RouteKeys.SECTION);

    /** The section of the keys that the process has once, which lists show last. */
    public static final KeySection OF_PROCESS = ManagementKeys.SECTION;

    private ConfigKeys() {}

    /** All keys that a proxy may have for itself, in the order of the sections. */
    public static List<ConfigKey<?>> all() {
        return SECTIONS.stream()
                .<ConfigKey<?>>flatMap(section -> section.keys().stream())
                .toList();
    }
}
