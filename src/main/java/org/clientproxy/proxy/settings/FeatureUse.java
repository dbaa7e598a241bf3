package org.clientproxy.proxy.settings;

/** The values of {@code proxy.features}: what the features that resources announce say about the choice. */
public enum FeatureUse {
    /** Nothing. */
    OFF,
    /** Those that announce what a request is about come first. */
    PREFER,
    /** Only those get it. */
    REQUIRE
}
