@NullMarked
package org.clientproxy.proxy.reload;

import org.jspecify.annotations.NullMarked;
