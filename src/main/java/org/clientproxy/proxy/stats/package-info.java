@NullMarked
package org.clientproxy.proxy.stats;

import org.jspecify.annotations.NullMarked;
