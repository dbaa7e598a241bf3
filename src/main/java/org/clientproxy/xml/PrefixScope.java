package org.clientproxy.xml;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.clientproxy.xmpp.Attribute;
import org.clientproxy.xmpp.Namespaces;
import org.jspecify.annotations.Nullable;

/**
 * The namespace prefixes in scope inside one element of a stream, and the rules of Namespaces in XML 1.0 for each start
 * tag. Only start tags with a colon or a declaration come here.
 */
final class PrefixScope {
    /** A declaration, and the one of the same prefix that it hides. */
    private record Declared(
            int depth,
            String prefix,
            String namespace,
            @Nullable Declared hidden) {}

    private final int maxDeclared;
    private final List<Declared> declared = new ArrayList<>();
    private final Map<String, Declared> byPrefix = new HashMap<>();

    /** @param maxDeclared so many declarations may be in scope at once */
    PrefixScope(int maxDeclared) {
        this.maxDeclared = maxDeclared;
    }

    void clear() {
        declared.clear();
        byPrefix.clear();
    }

    /** An element ends: what was declared at its depth or deeper is out of scope. */
    void leave(int depth) {
        while (!declared.isEmpty() && declared.get(declared.size() - 1).depth() >= depth) {
            Declared gone = declared.remove(declared.size() - 1);
            if (gone.hidden() == null) {
                byPrefix.remove(gone.prefix());
            } else {
                byPrefix.put(gone.prefix(), gone.hidden());
            }
        }
    }

    /** Checks a start tag and takes its declarations into scope; null where all is well. */
    @Nullable
    SkipReason enter(int depth, String name, List<Attribute> attributes, Map<String, String> stream) {
        for (Attribute attribute : attributes) {
            if (attribute.name().equals("xmlns")) {
                if (isReserved(attribute.value())) {
                    return SkipReason.BAD_NAMESPACE;
                }
            } else if (attribute.name().startsWith("xmlns:")) {
                String prefix = attribute.name().substring(6);
                boolean isXml = prefix.equals("xml") && attribute.value().equals(Namespaces.XML);
                if (!isLocal(prefix)
                        || attribute.value().isEmpty()
                        || !isXml
                                && (prefix.equals("xml") || prefix.equals("xmlns") || isReserved(attribute.value()))) {
                    return SkipReason.BAD_NAMESPACE;
                }
                declare(depth, prefix, attribute.value());
            }
        }
        if (declared.size() > maxDeclared) {
            return SkipReason.TOO_MANY_ATTRIBUTES;
        }
        return isBound(name, attributes, stream) ? null : SkipReason.BAD_NAMESPACE;
    }

    private void declare(int depth, String prefix, String namespace) {
        Declared declaration = new Declared(depth, prefix, namespace, byPrefix.get(prefix));
        declared.add(declaration);
        byPrefix.put(prefix, declaration);
    }

    private boolean isBound(String name, List<Attribute> attributes, Map<String, String> stream) {
        int colon = name.indexOf(':');
        if (colon >= 0
                && (!isLocal(name.substring(0, colon))
                        || !isLocal(name.substring(colon + 1))
                        || name.startsWith("xmlns:")
                        || namespace(name.substring(0, colon), stream) == null)) {
            return false;
        }
        // Nearly no tag has an attribute with a prefix, so that nothing is made for it before.
        Set<List<String>> expanded = null;
        for (Attribute attribute : attributes) {
            int at = attribute.name().indexOf(':');
            if (at < 0 || attribute.name().startsWith("xmlns:")) {
                continue;
            }
            String local = attribute.name().substring(at + 1);
            String prefix = attribute.name().substring(0, at);
            String namespace = namespace(prefix, stream);
            if (expanded == null) {
                expanded = new HashSet<>();
            }
            if (!isLocal(prefix)
                    || !isLocal(local)
                    || namespace == null
                    || !expanded.add(Arrays.asList(namespace, local))) {
                return false;
            }
        }
        return true;
    }

    private @Nullable String namespace(String prefix, Map<String, String> stream) {
        Declared declaration = byPrefix.get(prefix);
        if (declaration != null) {
            return declaration.namespace();
        }
        return prefix.equals("xml") ? Namespaces.XML : prefix.isEmpty() ? null : stream.get(prefix);
    }

    private static boolean isReserved(String namespace) {
        return namespace.equals(Namespaces.XML) || namespace.equals(Namespaces.XMLNS);
    }

    /** Whether it can be a prefix or a local name: not empty, no colon, begun as a name is. */
    private static boolean isLocal(String name) {
        return !name.isEmpty() && name.indexOf(':') < 0 && XmlChars.isNameStart(name.codePointAt(0));
    }
}
