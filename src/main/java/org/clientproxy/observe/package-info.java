/**
 * What operators see of running proxies: metrics, health, console, JMX and the status page. Each class that needs a library
 * of its own is loaded only when that one is there and switched on.
 */
@NullMarked
package org.clientproxy.observe;

import org.jspecify.annotations.NullMarked;
