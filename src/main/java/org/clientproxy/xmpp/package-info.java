/**
 * The vocabulary of XMPP that every other room speaks: addresses, stanzas, errors, namespaces. Values only: no Netty, no
 * Camel, no I/O.
 */
@NullMarked
package org.clientproxy.xmpp;

import org.jspecify.annotations.NullMarked;
