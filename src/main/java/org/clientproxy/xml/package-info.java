@NullMarked
package org.clientproxy.xml;

import org.jspecify.annotations.NullMarked;
