/**
 * Bytes to stanzas, stanzas to bytes, and the life of one XEP-0114 stream. Netty, but no Camel: usable by itself.
 */
@NullMarked
package org.clientproxy.stream;

import org.jspecify.annotations.NullMarked;
