/** What the proxy host answers itself, by {@code proxy.answer}: which requests that are, and what the answers say. */
@NullMarked
package org.clientproxy.proxy.answer;

import org.jspecify.annotations.NullMarked;
