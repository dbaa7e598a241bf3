@NullMarked
package org.clientproxy.config;

import org.jspecify.annotations.NullMarked;
