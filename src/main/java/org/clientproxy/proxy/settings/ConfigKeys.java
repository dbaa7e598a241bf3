package org.clientproxy.proxy.settings;

import java.util.List;

/** Every key of the configuration. */
public final class ConfigKeys {
    /** The sections, in the order in which lists show them. */
    public static final List<KeySection> SECTIONS = List.of(
            ServerKeys.SECTION,
            PoolKeys.SECTION,
            RequestKeys.SECTION,
            WorkerKeys.SECTION,
            ReverseKeys.SECTION,
            RouteKeys.SECTION);

    private ConfigKeys() {}

    /** All keys, in the order of the sections. */
    public static List<ConfigKey<?>> all() {
        return SECTIONS.stream()
                .<ConfigKey<?>>flatMap(section -> section.keys().stream())
                .toList();
    }
}
