@NullMarked
package org.clientproxy.proxy.routes;

import org.jspecify.annotations.NullMarked;
