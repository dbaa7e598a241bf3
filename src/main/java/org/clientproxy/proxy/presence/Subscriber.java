package org.clientproxy.proxy.presence;

import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;

/** One account that has the proxy host in its roster. Changed on the loop only; its address and day may be read anywhere. */
final class Subscriber {
    private final Jid jid;
    private volatile long probedDay;
    // Which of the presences that went to all this one has.
    private int told;
    // Its neighbours in the order of the last probes, while it is in the list.
    @Nullable
    Subscriber before;

    @Nullable
    Subscriber after;

    /**
     * @param jid the bare address
     * @param probedDay the day of its last sign of life, counted from 1970
     */
    Subscriber(Jid jid, long probedDay) {
        this.jid = jid;
        this.probedDay = probedDay;
    }

    Jid jid() {
        return jid;
    }

    long probedDay() {
        return probedDay;
    }

    void probed(long day) {
        probedDay = day;
    }

    int told() {
        return told;
    }

    void tell(int number) {
        told = number;
    }
}
