package org.clientproxy.proxy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError.Condition;

/** The kinds of reply that a resource, or somebody in its name, gives. */
public enum ModelReply {
    RESULT("result", "<r xmlns='urn:r' n='%d'>&amp;\u05d0</r>"),
    EMPTY("result", ""),
    TWO_CHILDREN("result", "<r xmlns='urn:r' n='%d'/><r xmlns='urn:r'/>"),
    ERROR("error", error("item-not-found")),
    BUSY("error", error("resource-constraint")),
    NO_ERROR("error", "<r xmlns='urn:r' n='%d'/>"),
    SERVICE_UNAVAILABLE("error", error("service-unavailable")),
    RECIPIENT_UNAVAILABLE("error", error("recipient-unavailable"));

    private static final Pattern APPLICATION = Pattern.compile("<([a-z-]+) xmlns=['\"]urn:clientproxy:errors:0['\"]");

    final String type;
    private final String content;

    ModelReply(String type, String content) {
        this.type = type;
        this.content = content;
    }

    private static String error(String condition) {
        return "<q xmlns='urn:r' n='%d'/><error type='cancel'><" + condition
                + " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";
    }

    boolean isBounce() {
        return this == SERVICE_UNAVAILABLE || this == RECIPIENT_UNAVAILABLE;
    }

    /** Whether it is an error with one of these conditions. */
    boolean isOneOf(List<Condition> conditions) {
        return conditions.stream().anyMatch(each -> content.contains('<' + each.xmlName() + ' '));
    }

    boolean isSound() {
        return this != TWO_CHILDREN && this != NO_ERROR;
    }

    String content(int serial) {
        return String.format(content, serial);
    }

    /** The application condition of an error of ours; empty where it is none. */
    public static String application(Stanza stanza) {
        if (!"error".equals(stanza.type())) {
            return "unsubscribed".equals(stanza.type()) ? "unsubscribed" : "";
        }
        Matcher matcher = APPLICATION.matcher(new String(stanza.content(), StandardCharsets.UTF_8));
        return matcher.find() ? matcher.group(1) : "";
    }
}
