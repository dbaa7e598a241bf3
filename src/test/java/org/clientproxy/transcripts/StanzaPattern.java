package org.clientproxy.transcripts;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Attr;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * The least that a stanza must be: its element, with each attribute, child and text that stands here. More may be in it, for
 * servers add things, but for an attribute of value {@code {none}}, which it must not have, and for an element with {@code
 * {nothing}} in it, which must be empty. An attribute of value {@code {name}} takes any value, which is known by that name
 * from then on; where the name has a value already, the value must be that one.
 */
final class StanzaPattern {
    private static final Pattern NAME = Pattern.compile("\\{(\\w+)}");

    private final Element pattern;

    /** @throws IllegalArgumentException where it is no XML */
    StanzaPattern(String xml) {
        this.pattern = parse(xml);
    }

    /** Whether the stanza is such a one; the names that it gave values to are put into {@code names} then. */
    boolean matches(String stanza, Map<String, String> names) {
        Map<String, String> tried = new HashMap<>(names);
        if (!matches(pattern, parse(stanza), tried)) {
            return false;
        }
        names.putAll(tried);
        return true;
    }

    /** A text with the value of each name in it. */
    static String filled(String text, Map<String, String> names) {
        return NAME.matcher(text).replaceAll(name -> {
            String value = names.get(name.group(1));
            if (value == null) {
                throw new IllegalArgumentException(name.group() + " has no value yet");
            }
            return Matcher.quoteReplacement(value);
        });
    }

    private static boolean matches(Element pattern, Element actual, Map<String, String> names) {
        if (!pattern.getLocalName().equals(actual.getLocalName())
                || !String.valueOf(pattern.getNamespaceURI()).equals(String.valueOf(actual.getNamespaceURI()))) {
            return false;
        }
        for (int i = 0; i < pattern.getAttributes().getLength(); i++) {
            Attr wanted = (Attr) pattern.getAttributes().item(i);
            if (!wanted.getName().startsWith("xmlns") && !matches(wanted, actual, names)) {
                return false;
            }
        }
        String text = text(pattern);
        List<Element> children = children(actual);
        if (text.equals("{nothing}")) {
            return children.isEmpty() && text(actual).isEmpty();
        }
        if (!text.isEmpty() && !text.equals(text(actual))) {
            return false;
        }
        for (Element wanted : children(pattern)) {
            if (!children.removeIf(child -> matches(wanted, child, names))) {
                return false;
            }
        }
        return true;
    }

    private static boolean matches(Attr wanted, Element actual, Map<String, String> names) {
        String name = wanted.getName();
        Matcher named = NAME.matcher(wanted.getValue());
        if (!named.matches()) {
            return wanted.getValue().equals(actual.getAttribute(name)) && actual.hasAttribute(name);
        }
        if (named.group(1).equals("none")) {
            return !actual.hasAttribute(name);
        }
        String known = names.putIfAbsent(named.group(1), actual.getAttribute(name));
        return actual.hasAttribute(name) && (known == null || known.equals(actual.getAttribute(name)));
    }

    private static List<Element> children(Element parent) {
        List<Element> children = new ArrayList<>();
        for (Node child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element element) {
                children.add(element);
            }
        }
        return children;
    }

    /** The text right inside an element, without the space around it. */
    private static String text(Element element) {
        StringBuilder text = new StringBuilder();
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child.getNodeType() == Node.TEXT_NODE || child.getNodeType() == Node.CDATA_SECTION_NODE) {
                text.append(child.getNodeValue());
            }
        }
        return text.toString().strip();
    }

    /** The one element, in the namespace that stanzas without any have. */
    private static Element parse(String xml) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
            factory.setNamespaceAware(true);
            // A session's stanzas are in jabber:client, whatever namespace the reader of the test calls it.
            String client = xml.replace("jabber:component:accept", "jabber:client");
            Element root = factory.newDocumentBuilder()
                    .parse(new InputSource(new StringReader("<x xmlns='jabber:client'>" + client + "</x>")))
                    .getDocumentElement();
            return children(root).get(0);
        } catch (ParserConfigurationException | SAXException | IOException e) {
            throw new IllegalArgumentException(xml, e);
        }
    }
}
