package org.clientproxy.scenarios;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.loopback.WorkerSession;
import org.clientproxy.loopback.XmppServer;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.XmlText;

/** An implementing client of the target that answers every request with the request's own payload. */
final class Worker implements AutoCloseable {
    final RawClient client;
    final String resource;
    final AtomicInteger answered = new AtomicInteger();
    private final WorkerSession session;

    private Worker(XmppServer server, String user, String resource) throws Exception {
        this.resource = resource;
        this.session = WorkerSession.join(server, user, "pw", resource, this::echo);
        this.client = session.client();
    }

    static Worker join(XmppServer server, String resource) throws Exception {
        return join(server, resource, "worker");
    }

    /** @param user the target's localpart, in whatever spelling */
    static Worker join(XmppServer server, String resource, String user) throws Exception {
        return new Worker(server, user, resource);
    }

    private Stanza echo(Stanza request) {
        answered.incrementAndGet();
        return request.result(new String(request.content(), StandardCharsets.UTF_8));
    }

    /** The result of a request, with the child that it names. */
    static String reply(Stanza request, String child) {
        StringBuilder reply = new StringBuilder("<iq type='result' id='");
        XmlText.escape(request.id(), reply);
        reply.append("' to='");
        XmlText.escape(request.from(), reply);
        return reply.append("'>").append(child).append("</iq>").toString();
    }

    void cut() throws IOException {
        session.cut();
    }

    @Override
    public void close() {
        session.close();
    }
}
