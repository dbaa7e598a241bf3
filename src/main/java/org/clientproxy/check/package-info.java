/**
 * What {@code --check} looks at, one class for each thing: whether a proxy can run as it is configured, and what to do where
 * it cannot. Nothing is changed, here or at the server.
 */
@NullMarked
package org.clientproxy.check;

import org.jspecify.annotations.NullMarked;
