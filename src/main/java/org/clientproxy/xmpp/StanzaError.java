package org.clientproxy.xmpp;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A stanza error: what a request is answered with when it cannot be served (RFC 6120 §8.3). A value; it says nothing
 * about who sends it.
 *
 * @param condition the defined condition
 * @param type what the requester may do about it
 * @param text an English explanation for a person, or null
 * @param application what a program may read of the cause, beside the defined condition, or null
 */
public record StanzaError(
        Condition condition,
        Type type,
        @Nullable String text,
        @Nullable Application application) {

    /**
     * An application-specific condition (RFC 6120 §8.3.4).
     *
     * @param namespace of whoever gave the condition its name
     * @param name the local name of its element
     */
    public record Application(String namespace, String name) {}

    /** What the requester may do (RFC 6120 §8.3.2). */
    public enum Type {
        AUTH,
        CANCEL,
        CONTINUE,
        MODIFY,
        WAIT;

        /** The value of the attribute {@code type}. */
        public String xmlName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The defined conditions with the type that usually goes with each (RFC 6120 §8.3.3). */
    public enum Condition {
        BAD_REQUEST(Type.MODIFY),
        CONFLICT(Type.CANCEL),
        FEATURE_NOT_IMPLEMENTED(Type.CANCEL),
        FORBIDDEN(Type.AUTH),
        GONE(Type.CANCEL),
        INTERNAL_SERVER_ERROR(Type.CANCEL),
        ITEM_NOT_FOUND(Type.CANCEL),
        JID_MALFORMED(Type.MODIFY),
        NOT_ACCEPTABLE(Type.MODIFY),
        NOT_ALLOWED(Type.CANCEL),
        NOT_AUTHORIZED(Type.AUTH),
        POLICY_VIOLATION(Type.MODIFY),
        RECIPIENT_UNAVAILABLE(Type.WAIT),
        REDIRECT(Type.MODIFY),
        REGISTRATION_REQUIRED(Type.AUTH),
        REMOTE_SERVER_NOT_FOUND(Type.CANCEL),
        REMOTE_SERVER_TIMEOUT(Type.WAIT),
        RESOURCE_CONSTRAINT(Type.WAIT),
        SERVICE_UNAVAILABLE(Type.CANCEL),
        SUBSCRIPTION_REQUIRED(Type.AUTH),
        UNDEFINED_CONDITION(Type.CANCEL),
        UNEXPECTED_REQUEST(Type.WAIT);

        private final Type usualType;
        private final String xmlName = name().toLowerCase(Locale.ROOT).replace('_', '-');

        Condition(Type usualType) {
            this.usualType = usualType;
        }

        public Type usualType() {
            return usualType;
        }

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
            return UNDEFINED_CONDITION;
        }
    }

    /** An error of the condition's usual type, explained, without an application-specific condition. */
    public static StanzaError of(Condition condition, String text) {
        return new StanzaError(condition, condition.usualType, text, null);
    }

    /** The same with an application-specific condition of this namespace. */
    public StanzaError with(String namespace, String name) {
        return new StanzaError(condition, type, text, new Application(namespace, name));
    }

    /** The {@code <error/>} element, with every namespace declared, as a child of any stanza. */
    public String toXml() {
        StringBuilder xml = new StringBuilder(160)
                .append("<error type='")
                .append(type.xmlName())
                .append("'><")
                .append(condition.xmlName)
                .append(" xmlns='")
                .append(Namespaces.STANZA_ERRORS)
                .append("'/>");
        if (text != null) {
            xml.append("<text xmlns='").append(Namespaces.STANZA_ERRORS).append("' xml:lang='en'>");
            XmlText.escape(text, xml);
            xml.append("</text>");
        }
        if (application != null) {
            xml.append('<').append(application.name()).append(" xmlns='");
            XmlText.escape(application.namespace(), xml);
            xml.append("'/>");
        }
        return xml.append("</error>").toString();
    }
}
