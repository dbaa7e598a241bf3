package org.clientproxy.proxy.cluster;

/**
 * What a process is from its start, or from when it began anew, until it begins anew or ends. A request is owned by a life: what
 * an earlier one of the same process had is not its own.
 *
 * @param count how often the process has begun anew
 */
public record Life(Member member, int count) {
    static Life first(Member member) {
        return new Life(member, 0);
    }

    Life next() {
        return new Life(member, count + 1);
    }

    int node() {
        return member.node();
    }
}
