@NullMarked
package org.clientproxy;

import org.jspecify.annotations.NullMarked;
