package org.clientproxy.scenarios;

/** What happens to one node of a cluster under load. */
enum NodeFault {
    /** Its process is killed, and started again some seconds later. */
    KILLED("killed (SIGKILL)"),
    /** It is stopped in order, and started again. */
    STOPPED("stopped (SIGTERM)"),
    /** Its process stands still, and goes on: before the others have noticed, or after. */
    FROZEN("stands still (SIGSTOP)");

    final String words;

    NodeFault(String words) {
        this.words = words;
    }
}
