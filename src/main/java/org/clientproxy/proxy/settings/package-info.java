@NullMarked
package org.clientproxy.proxy.settings;

import org.jspecify.annotations.NullMarked;
