package org.clientproxy.proxy.answer;

import org.clientproxy.proxy.settings.LocalAnswer;
import org.clientproxy.xmpp.Namespaces;

/** A request that the proxy host may answer itself: the one child element that it has. */
public enum LocalQuestion {
    PING(LocalAnswer.PING, Namespaces.PING, "ping"),
    VERSION(LocalAnswer.VERSION, Namespaces.VERSION, "query"),
    LAST(LocalAnswer.LAST, Namespaces.LAST, "query"),
    /** What the proxy host is, not one of its nodes. */
    INFO(LocalAnswer.DISCO, Namespaces.DISCO_INFO, "query"),
    /** What the proxy host consists of, not one of its nodes. */
    ITEMS(LocalAnswer.DISCO, Namespaces.DISCO_ITEMS, "query");

    private final LocalAnswer answer;
    private final String namespace;
    private final String element;

    LocalQuestion(LocalAnswer answer, String namespace, String element) {
        this.answer = answer;
        this.namespace = namespace;
        this.element = element;
    }

    /** The value of {@code proxy.answer} by which it is answered. */
    LocalAnswer answer() {
        return answer;
    }

    /** The namespace of the child, which is the feature that service discovery announces for it, too. */
    String namespace() {
        return namespace;
    }

    /** The local name of the child. */
    String element() {
        return element;
    }
}
