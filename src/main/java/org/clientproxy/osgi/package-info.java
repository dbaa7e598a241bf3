/** Runs proxies inside an OSGi container such as Karaf. Nothing else of the product needs OSGi. */
@NullMarked
package org.clientproxy.osgi;

import org.jspecify.annotations.NullMarked;
