/** What an entity says that it is and can, and the hash that stands for it (XEP-0030, XEP-0115): nobody's words in particular. */
@NullMarked
package org.clientproxy.proxy.caps;

import org.jspecify.annotations.NullMarked;
