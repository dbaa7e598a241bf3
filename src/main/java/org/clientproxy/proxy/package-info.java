/** The client proxy: the routes in the Java DSL and the few classes that they name. */
@NullMarked
package org.clientproxy.proxy;

import org.jspecify.annotations.NullMarked;
