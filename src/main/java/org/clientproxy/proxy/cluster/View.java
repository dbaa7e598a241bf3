package org.clientproxy.proxy.cluster;

import java.util.List;

/**
 * Who sees whom, as the engine says it. At one process the numbers of views only grow; at two that are cut off from each other
 * the same number may mean two views, which differ in who made them.
 *
 * @param creator the member that made it
 * @param members in an order that is the same at all of them, the oldest first
 */
public record View(long number, Member creator, List<Member> members) {
    /** What a message says of the view in which it was sent. */
    record Id(long number, Member creator) {}

    public View {
        members = List.copyOf(members);
    }

    Id id() {
        return new Id(number, creator);
    }

    boolean has(Member member) {
        return members.contains(member);
    }
}
