/** Commands of Karaf's shell, by which an operator looks at the proxies and tells them something. Nothing else needs Karaf. */
@NullMarked
package org.clientproxy.osgi.shell;

import org.jspecify.annotations.NullMarked;
