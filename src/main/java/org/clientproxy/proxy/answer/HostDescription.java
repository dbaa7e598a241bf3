package org.clientproxy.proxy.answer;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
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

    private static final Comparator<String> OCTETS = (one, other) ->
            Arrays.compareUnsigned(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));

    static HostDescription of(ServiceIdentity identity, Collection<String> features) {
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

    private static @Nullable Caps caps(ServiceIdentity identity, Collection<String> features) {
        String itself = identity.category() + '/' + identity.type() + "//" + identity.name();
        List<String> sorted = features.stream().sorted(OCTETS).toList();
        if (itself.indexOf('<') >= 0 || sorted.stream().anyMatch(each -> each.indexOf('<') >= 0)) {
            return null;
        }
        StringBuilder text = new StringBuilder(itself).append('<');
        sorted.forEach(each -> text.append(each).append('<'));
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-1").digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return new Caps(NODE, Base64.getEncoder().encodeToString(hash), "sha-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Java has no SHA-1", e);
        }
    }
}
