package org.clientproxy.proxy.settings;

/** What one of two nodes does that sees the other one no more: {@code proxy.cluster.lone}. */
public enum LoneNode {
    /** It goes on where the other's process has surely ended, or where its own number is the lower one. */
    FIRST,
    /** It serves no more. */
    STOP,
    /** It goes on, whatever the other one does. */
    CONTINUE
}
