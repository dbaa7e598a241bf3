@NullMarked
package org.clientproxy.proxy.journal;

import org.jspecify.annotations.NullMarked;
