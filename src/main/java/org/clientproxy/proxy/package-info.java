/** The client proxy: its face to others, and the assembly that joins the rooms into one. */
@NullMarked
package org.clientproxy.proxy;

import org.jspecify.annotations.NullMarked;
