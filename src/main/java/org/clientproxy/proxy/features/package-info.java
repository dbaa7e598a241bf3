@NullMarked
package org.clientproxy.proxy.features;

import org.jspecify.annotations.NullMarked;
