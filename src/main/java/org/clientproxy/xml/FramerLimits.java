package org.clientproxy.xml;

/**
 * What one top-level element may cost.
 *
 * @param maxStanzaSize octets that are buffered; a larger element is skipped
 * @param hardLimit octets after which a skipped element ends the stream
 * @param maxDepth how deep elements may be nested, the top-level one included
 * @param maxAttributes how many attributes one start tag may have, namespace declarations included
 */
public record FramerLimits(int maxStanzaSize, int hardLimit, int maxDepth, int maxAttributes) {
    /** The usual limits for this stanza size: 64 MiB, 256 levels, 256 attributes. */
    public static FramerLimits of(int maxStanzaSize) {
        return new FramerLimits(maxStanzaSize, Math.max(64 << 20, maxStanzaSize), 256, 256);
    }
}
