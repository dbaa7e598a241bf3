package org.clientproxy.proxy.answer;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.clientproxy.proxy.settings.Adjustable;
import org.clientproxy.proxy.settings.AnswerKeys;
import org.clientproxy.proxy.settings.LocalAnswer;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.xml.ChildNamespace;
import org.clientproxy.xml.ElementWalk;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/** Says which requests the proxy host answers itself now. Used on the loop only. */
public final class LocalQuestions implements Adjustable {
    private final Jid domain;
    // Those that are answered here, by the namespaces of their children. Empty where none is, which is looked at first.
    private Map<String, LocalQuestion> answered;
    private Predicate<String> ownNodes = node -> false;

    public LocalQuestions(ProxySettings settings) {
        this.domain = settings.domain();
        this.answered = answered(settings);
    }

    @Override
    public void adjust(ProxySettings now) {
        answered = answered(now);
    }

    private static Map<String, LocalQuestion> answered(ProxySettings settings) {
        List<LocalAnswer> answers = settings.get(AnswerKeys.ANSWER);
        Map<String, LocalQuestion> answered = new LinkedHashMap<>();
        for (LocalQuestion question : LocalQuestion.values()) {
            if (answers.contains(question.answer())) {
                answered.put(question.namespace(), question);
            }
        }
        return Collections.unmodifiableMap(answered);
    }

    /** The question that an IQ with one child asks; null where it is none that is answered here. */
    public @Nullable LocalQuestion of(Stanza iq) {
        if (answered.isEmpty() || !"get".equals(iq.type()) || !iq.toJid().equals(domain)) {
            return null;
        }
        String namespace = ChildNamespace.of(iq);
        LocalQuestion question = namespace == null ? null : answered.get(namespace);
        return question != null && isAsked(question, iq) ? question : null;
    }

    /** A namespace alone is no question, and what asks for a node asks a resource, unless the proxy host has announced it. */
    private boolean isAsked(LocalQuestion question, Stanza iq) {
        Child child = child(iq);
        return child != null
                && question.element().equals(child.name)
                && (question.answer() != LocalAnswer.DISCO
                        || child.node.isEmpty()
                        || question == LocalQuestion.INFO && ownNodes.test(child.node));
    }

    /** Says which nodes are the proxy host's own: what it has announced of itself may be asked for by them. */
    void ownNodes(Predicate<String> nodes) {
        ownNodes = nodes;
    }

    /** The node that a question of service discovery asks for; empty: none. */
    String node(Stanza iq) {
        Child child = child(iq);
        return child == null ? "" : child.node;
    }

    private record Child(String name, String node) {}

    private static @Nullable Child child(Stanza iq) {
        try {
            XMLStreamReader reader = StanzaXml.reader(iq.toBytes());
            try {
                reader.nextTag();
                if (!ElementWalk.toChild(reader)) {
                    return null;
                }
                String node = reader.getAttributeValue(null, "node");
                return new Child(reader.getLocalName(), node == null ? "" : node);
            } finally {
                reader.close();
            }
        } catch (XMLStreamException e) {
            return null;
        }
    }

    /** The namespaces of those that are answered here, in a fixed order. */
    Set<String> namespaces() {
        return answered.keySet();
    }
}
