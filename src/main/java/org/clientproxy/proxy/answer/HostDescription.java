package org.clientproxy.proxy.answer;

import java.util.List;
import java.util.Set;
import org.clientproxy.proxy.caps.CapsHash;
import org.clientproxy.proxy.caps.DiscoInfo;
import org.clientproxy.proxy.caps.DiscoInfo.Identity;
import org.clientproxy.proxy.caps.VerificationString;
import org.clientproxy.proxy.pool.Caps;
import org.clientproxy.proxy.settings.ServiceIdentity;
import org.clientproxy.xmpp.XmlText;
import org.jspecify.annotations.Nullable;

/**
 * What the proxy host says of itself by service discovery (XEP-0030), and the hash that stands for it (XEP-0115 §5.1).
 *
 * @param xml the identity and the features
 * @param caps by which presence announces it; null where a part holds the mark between parts, so that no hash would be believed
 */
record HostDescription(String xml, @Nullable Caps caps) {
    /** Says whose the hash is, and is the beginning of the node at which it may be asked for. */
    static final String NODE = "urn:clientproxy:host:0";

    private static final String FUNCTION = "sha-1";

    static HostDescription of(ServiceIdentity identity, Set<String> features) {
        StringBuilder xml = new StringBuilder("<identity category=");
        XmlText.attribute(identity.category(), xml);
        XmlText.attribute(identity.type(), xml.append(" type="));
        if (!identity.name().isEmpty()) {
            XmlText.attribute(identity.name(), xml.append(" name="));
        }
        xml.append("/>");
        features.forEach(each -> xml.append(element(each)));
        return new HostDescription(xml.toString(), caps(identity, features));
    }

    static String element(String feature) {
        StringBuilder element = new StringBuilder("<feature var=");
        XmlText.attribute(feature, element);
        return element.append("/>").toString();
    }

    private static @Nullable Caps caps(ServiceIdentity identity, Set<String> features) {
        Identity itself = new Identity(identity.category(), identity.type(), "", identity.name());
        VerificationString string = VerificationString.of(new DiscoInfo(List.of(itself), features, List.of()));
        return string.hasMarks()
                ? null
                : new Caps(NODE, CapsHash.of(FUNCTION, string).ver(), FUNCTION);
    }
}
