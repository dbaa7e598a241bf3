/**
 * Several nodes as one: who owns a pending request, who holds its copy, and who may answer. No threads, no sockets, no engine:
 * time and messages are handed in. {@code docs/cluster.md} tells it event by event.
 */
@NullMarked
package org.clientproxy.proxy.cluster;

import org.jspecify.annotations.NullMarked;
