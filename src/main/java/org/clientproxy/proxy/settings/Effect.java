package org.clientproxy.proxy.settings;

/** When an edit of a key takes effect while its proxy runs. */
public enum Effect {
    /** At once, for what happens from then on: limits, lists and times. Nothing is interrupted. */
    NOW("now"),
    /** When the next connection to the server is made: how that is done, and as whom. */
    NEXT_CONNECTION("at the next connection"),
    /** By a restart of that proxy, inside the process: what is built in from the start. */
    RESTART("by a restart of the proxy"),
    /** At the next start of the process: what all its proxies share. */
    NEXT_START("at the next start of the process");

    private final String words;

    Effect(String words) {
        this.words = words;
    }

    /** In words, for a log or a table. */
    public String words() {
        return words;
    }
}
