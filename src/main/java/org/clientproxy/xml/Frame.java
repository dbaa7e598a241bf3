package org.clientproxy.xml;

/**
 * One complete element at the top level of a stream.
 *
 * @param startTag its start tag, read
 * @param octets the whole element as it came
 * @param contentOffset where the start tag ends in {@code octets}
 * @param contentLength the octets between start tag and end tag
 * @param children how many child elements it has
 */
@SuppressWarnings("ArrayRecordComponent") // a frame is handed on, never compared
public record Frame(StartTag startTag, byte[] octets, int contentOffset, int contentLength, int children) {}
