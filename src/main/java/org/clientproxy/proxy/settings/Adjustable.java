package org.clientproxy.proxy.settings;

/**
 * A part of a proxy that keeps values of keys which take effect {@linkplain Effect#NOW at once}. It is told of an edit on the
 * loop, so that it reads plain fields otherwise.
 */
@FunctionalInterface
public interface Adjustable {
    /** These settings hold from now on. What has begun by the values before them may end by those. */
    void adjust(ProxySettings now);
}
