package org.clientproxy.proxy.settings;

import java.util.Collections;
import java.util.Iterator;
import java.util.Objects;
import javax.xml.namespace.NamespaceContext;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.clientproxy.xmpp.Namespaces;
import org.jspecify.annotations.Nullable;

/** Values that are XPath expressions without prefixes, or empty. */
final class XPathText {
    private XPathText() {}

    static ValueType<String> type() {
        return new ValueType<>(
                XPathText::checked,
                "an XPath expression without prefixes, such as /*[@type='get'] or /*/*[local-name()='query']");
    }

    private static String checked(String text) {
        try {
            if (!text.isEmpty()) {
                XPath xpath = XPathFactory.newDefaultInstance().newXPath();
                // Without a context an undeclared prefix would show at the first request only.
                xpath.setNamespaceContext(new NoPrefixes());
                xpath.compile(text);
            }
            return text;
        } catch (XPathExpressionException e) {
            throw new IllegalArgumentException(
                    Objects.requireNonNullElse(e.getMessage(), "no XPath")
                            .lines()
                            .findFirst()
                            .orElse(""),
                    e);
        }
    }

    /** No prefix is declared but the one that always is. */
    private static final class NoPrefixes implements NamespaceContext {
        @Override
        public @Nullable String getNamespaceURI(String prefix) {
            return prefix.equals("xml") ? Namespaces.XML : null;
        }

        @Override
        public @Nullable String getPrefix(String namespace) {
            return null;
        }

        @Override
        public Iterator<String> getPrefixes(String namespace) {
            return Collections.emptyIterator();
        }
    }
}
