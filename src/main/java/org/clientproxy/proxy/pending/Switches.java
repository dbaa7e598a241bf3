package org.clientproxy.proxy.pending;

/** Whether new requests are taken in at all: not once the proxy stops, nor while an operator says so. */
final class Switches {
    private boolean draining;
    private volatile boolean paused;

    /** The proxy stops. On the loop. */
    void drain() {
        draining = true;
    }

    /** On the loop. */
    boolean isDraining() {
        return draining;
    }

    /** Any thread. */
    void pause(boolean pause) {
        paused = pause;
    }

    /** Any thread. */
    boolean isPaused() {
        return paused;
    }
}
