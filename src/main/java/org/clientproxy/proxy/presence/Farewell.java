package org.clientproxy.proxy.presence;

/** What must still be told when the proxy stops, in a time that is limited. */
public interface Farewell {
    /** Begins to tell it, and gives up after so many nanoseconds. On the loop; the second time nothing happens. */
    void begin(long nanos);

    /** How many are still to be told; 0 before it begins, and when it is over. Any thread. */
    int untold();
}
