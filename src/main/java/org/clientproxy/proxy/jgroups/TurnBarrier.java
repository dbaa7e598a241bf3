package org.clientproxy.proxy.jgroups;

/** Tells a turn that is acknowledged at once, while it is ended, from one that is so later. On the loop. */
final class TurnBarrier implements Runnable {
    private final Runnable then;
    private boolean ended;
    private boolean open;

    /** @param then run where it is acknowledged later */
    TurnBarrier(Runnable then) {
        this.then = then;
    }

    /** It is acknowledged. */
    @Override
    public void run() {
        if (ended) {
            then.run();
        } else {
            open = true;
        }
    }

    /** To be called once, when the turn has ended. */
    boolean isOpenAtOnce() {
        ended = true;
        return open;
    }
}
