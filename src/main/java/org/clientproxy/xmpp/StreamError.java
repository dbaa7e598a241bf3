package org.clientproxy.xmpp;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A stream error: it ends the stream that it is sent on (RFC 6120 §4.9).
 *
 * @param condition the defined condition
 * @param text an explanation for a person, or null
 */
public record StreamError(Condition condition, @Nullable String text) {

    /** The defined conditions (RFC 6120 §4.9.3). */
    public enum Condition {
        BAD_FORMAT,
        BAD_NAMESPACE_PREFIX,
        CONFLICT,
        CONNECTION_TIMEOUT,
        HOST_GONE,
        HOST_UNKNOWN,
        IMPROPER_ADDRESSING,
        INTERNAL_SERVER_ERROR,
        INVALID_FROM,
        INVALID_NAMESPACE,
        INVALID_XML,
        NOT_AUTHORIZED,
        NOT_WELL_FORMED,
        POLICY_VIOLATION,
        REMOTE_CONNECTION_FAILED,
        RESET,
        RESOURCE_CONSTRAINT,
        RESTRICTED_XML,
        SEE_OTHER_HOST,
        SYSTEM_SHUTDOWN,
        UNDEFINED_CONDITION,
        UNSUPPORTED_ENCODING,
        UNSUPPORTED_FEATURE,
        UNSUPPORTED_STANZA_TYPE,
        UNSUPPORTED_VERSION;

        private final String xmlName = name().toLowerCase(Locale.ROOT).replace('_', '-');

        /** The local name of the condition's element. */
        public String xmlName() {
            return xmlName;
        }

        /** The condition with this local name; {@link #UNDEFINED_CONDITION} where there is none. */
        public static Condition of(@Nullable String xmlName) {
            for (Condition condition : values()) {
                if (condition.xmlName.equals(xmlName)) {
                    return condition;
                }
            }
            // RFC 3920 §4.7.3, still sent by some servers, named it so.
            return "xml-not-well-formed".equals(xmlName) ? NOT_WELL_FORMED : UNDEFINED_CONDITION;
        }
    }

    /** The {@code <stream:error/>} element, for a stream whose header binds the prefix {@code stream}. */
    public String toXml() {
        StringBuilder xml = new StringBuilder("<stream:error><")
                .append(condition.xmlName)
                .append(" xmlns='")
                .append(Namespaces.STREAM_ERRORS)
                .append("'/>");
        if (text != null) {
            xml.append("<text xmlns='").append(Namespaces.STREAM_ERRORS).append("' xml:lang='en'>");
            XmlText.escape(text, xml);
            xml.append("</text>");
        }
        return xml.append("</stream:error>").toString();
    }
}
