package org.clientproxy.proxy.cluster;

/**
 * One process of a node.
 *
 * @param node the number of the node, 1 to 99
 * @param started tells processes of one node apart, the later one by the greater number: the time of its start by the node's clock
 */
public record Member(int node, long started) {
    @Override
    public String toString() {
        return "node " + node;
    }
}
