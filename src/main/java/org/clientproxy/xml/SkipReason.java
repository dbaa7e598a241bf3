package org.clientproxy.xml;

/** Why a well-formed element was skipped instead of being handed on. */
public enum SkipReason {
    /** It has more octets than {@code maxStanzaSize}. */
    TOO_LARGE,
    /** Its elements are nested deeper than the limit. */
    TOO_DEEP,
    /** One of its start tags has too many attributes, or too many prefixes are declared at once. */
    TOO_MANY_ATTRIBUTES,
    /** It breaks the rules of Namespaces in XML 1.0, as with a prefix that nothing declares. */
    BAD_NAMESPACE
}
