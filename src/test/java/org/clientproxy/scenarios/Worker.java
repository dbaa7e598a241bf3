package org.clientproxy.scenarios;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.loopback.XmppServer;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.XmlText;

/** An implementing client of the target that answers every request with the request's own payload. */
final class Worker implements AutoCloseable {
    final RawClient client;
    final String resource;
    final AtomicInteger answered = new AtomicInteger();
    private volatile boolean over;
    private final Thread thread;

    private Worker(RawClient client, String resource) {
        this.client = client;
        this.resource = resource;
        this.thread = new Thread(this::answer, "worker " + resource);
        thread.setDaemon(true);
    }

    static Worker join(XmppServer server, String resource) throws Exception {
        return join(server, resource, "worker");
    }

    /** @param user the target's localpart, in whatever spelling */
    static Worker join(XmppServer server, String resource, String user) throws Exception {
        Worker worker = new Worker(RawClient.login(server, user, "pw", resource), resource);
        worker.client.send("<presence/>");
        worker.thread.start();
        return worker;
    }

    private void answer() {
        try {
            while (!over) {
                Stanza stanza =
                        client.poll(each -> each.isRequest() || "subscribe".equals(each.type()), Duration.ofSeconds(1));
                if (stanza != null && stanza.isRequest()) {
                    answered.incrementAndGet();
                    client.send(reply(stanza, new String(stanza.content(), StandardCharsets.UTF_8)));
                } else if (stanza != null) {
                    // A server that was killed may have forgotten that this was accepted.
                    client.send("<presence type='subscribed' to='" + stanza.from() + "'/>");
                }
            }
        } catch (IOException | InterruptedException e) {
            over = true;
        }
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
        over = true;
        client.cut();
    }

    @Override
    public void close() {
        over = true;
        client.close();
    }
}
