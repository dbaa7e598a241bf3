@NullMarked
package org.clientproxy.proxy.pending;

import org.jspecify.annotations.NullMarked;
