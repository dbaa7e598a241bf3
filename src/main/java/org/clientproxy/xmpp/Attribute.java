package org.clientproxy.xmpp;

/**
 * One attribute of a start tag: its name as written, prefix included, and its value with all references resolved.
 * Namespace declarations are attributes too.
 */
public record Attribute(String name, String value) {}
