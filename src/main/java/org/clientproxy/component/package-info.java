/**
 * The Camel component {@code xmpp-component}: an XEP-0114 component stream as a Camel endpoint. It knows nothing of
 * proxying and is useful by itself.
 */
package org.clientproxy.component;
