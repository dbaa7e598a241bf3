@NullMarked
package org.clientproxy.proxy.conversations;

import org.jspecify.annotations.NullMarked;
