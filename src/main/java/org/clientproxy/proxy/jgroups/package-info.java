/** A cluster in the program: the protocol of nodes on the loop of a stream, over JGroups. The only room that knows JGroups. */
@NullMarked
package org.clientproxy.proxy.jgroups;

import org.jspecify.annotations.NullMarked;
