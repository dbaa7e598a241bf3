@NullMarked
package org.clientproxy.proxy.presence;

import org.jspecify.annotations.NullMarked;
