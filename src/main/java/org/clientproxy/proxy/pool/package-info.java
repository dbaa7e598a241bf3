@NullMarked
package org.clientproxy.proxy.pool;

import org.jspecify.annotations.NullMarked;
