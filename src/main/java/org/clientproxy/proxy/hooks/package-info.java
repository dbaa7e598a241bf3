@NullMarked
package org.clientproxy.proxy.hooks;

import org.jspecify.annotations.NullMarked;
