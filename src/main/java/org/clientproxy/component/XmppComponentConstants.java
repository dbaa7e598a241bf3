package org.clientproxy.component;

import org.apache.camel.spi.Metadata;

/** The message headers of the component. */
public final class XmppComponentConstants {
    @Metadata(
            description = "The address that the stanza came from, as spelled.",
            javaType = "String",
            label = "consumer")
    public static final String FROM = "CamelXmppComponentFrom";

    @Metadata(
            description = "The address that the stanza was sent to, as spelled.",
            javaType = "String",
            label = "consumer")
    public static final String TO = "CamelXmppComponentTo";

    @Metadata(description = "The stanza's id, which may be empty.", javaType = "String", label = "consumer")
    public static final String ID = "CamelXmppComponentId";

    @Metadata(description = "The stanza's type, such as get or unavailable.", javaType = "String", label = "consumer")
    public static final String TYPE = "CamelXmppComponentType";

    @Metadata(
            description = "The kind of stanza.",
            javaType = "String",
            enums = "iq,message,presence",
            label = "consumer")
    public static final String KIND = "CamelXmppComponentKind";

    private XmppComponentConstants() {}
}
