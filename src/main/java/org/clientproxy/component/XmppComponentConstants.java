package org.clientproxy.component;

import org.apache.camel.spi.Metadata;

/** The message headers of the component. */
public final class XmppComponentConstants {
    @Metadata(
            description =
                    "The address that the stanza comes from. Received: as spelled. To send: one in the domain of the"
                            + " component; by default the domain itself.",
            javaType = "String")
    public static final String FROM = "CamelXmppComponentFrom";

    @Metadata(
            description = "The address that the stanza goes to. Received: as spelled. To send: there must be one.",
            javaType = "String")
    public static final String TO = "CamelXmppComponentTo";

    @Metadata(
            description = "The stanza's id, which may be empty. To send: an iq without one gets a random one.",
            javaType = "String")
    public static final String ID = "CamelXmppComponentId";

    @Metadata(
            description = "The stanza's type, such as get, chat or unavailable. To send: an iq must have one.",
            javaType = "String")
    public static final String TYPE = "CamelXmppComponentType";

    @Metadata(
            description = "The kind of stanza. To send: the body is the XML of its child elements then.",
            javaType = "String",
            enums = "iq,message,presence")
    public static final String KIND = "CamelXmppComponentKind";

    @Metadata(
            description =
                    "The text of a message. Of several in different languages the first. To send: where the body is empty.",
            javaType = "String")
    public static final String BODY = "CamelXmppComponentBody";

    @Metadata(description = "The subject of a message, in the same way as its text.", javaType = "String")
    public static final String SUBJECT = "CamelXmppComponentSubject";

    @Metadata(
            description = "What says to which thread a message belongs, in the same way as its text.",
            javaType = "String")
    public static final String THREAD = "CamelXmppComponentThread";

    @Metadata(
            description =
                    "How available the sender of a presence is, where it says so. To send: where the body is empty.",
            javaType = "String",
            enums = "away,chat,dnd,xa")
    public static final String SHOW = "CamelXmppComponentShow";

    @Metadata(description = "The status text of a presence, in the same way as its show.", javaType = "String")
    public static final String STATUS = "CamelXmppComponentStatus";

    @Metadata(
            description = "The priority of a presence, from -128 to 127, in the same way as its show.",
            javaType = "Integer")
    public static final String PRIORITY = "CamelXmppComponentPriority";

    @Metadata(
            description =
                    "The condition of a stanza of type error, such as item-not-found: of a bounced message, or of the reply"
                            + " that an InOut producer awaited.",
            javaType = "String",
            label = "consumer,producer")
    public static final String ERROR = "CamelXmppComponentError";

    private XmppComponentConstants() {}
}
