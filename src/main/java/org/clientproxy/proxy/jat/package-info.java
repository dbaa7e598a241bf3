@NullMarked
package org.clientproxy.proxy.jat;

import org.jspecify.annotations.NullMarked;
