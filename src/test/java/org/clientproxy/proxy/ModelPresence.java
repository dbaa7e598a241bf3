package org.clientproxy.proxy;

import org.jspecify.annotations.Nullable;

/**
 * What an available session says in its presence, in a random run.
 *
 * @param wishes how many requests it wants at a time; 0: any number
 */
record ModelPresence(
        @Nullable String show, int wishes, @Nullable ModelCaps caps) {
    static final ModelPresence PLAIN = new ModelPresence(null, 0, null);

    String xml() {
        return (show == null ? "" : "<show>" + show + "</show>")
                + (wishes == 0 ? "" : "<capacity xmlns='urn:clientproxy:pool:0' max='" + wishes + "'/>")
                + (caps == null ? "" : caps.xml());
    }
}
