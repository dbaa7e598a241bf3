package org.clientproxy.loopback;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.clientproxy.xmpp.Stanza;

/**
 * A session of a worker for tests: it answers each request with what a function makes of it, one after the other on a thread of
 * its own, and accepts whoever wants to see its presence.
 */
public final class WorkerSession implements AutoCloseable {
    private final RawClient client;
    private final Function<Stanza, Stanza> answer;
    private final AtomicInteger requests = new AtomicInteger();
    private volatile boolean over;

    private WorkerSession(RawClient client, Function<Stanza, Stanza> answer) {
        this.client = client;
        this.answer = answer;
    }

    /**
     * Logs in, sends presence, and returns when the server has taken that: the contacts of the account have it before anything
     * that somebody sends from now on.
     *
     * @param answer the reply to a request ({@link Stanza#result}, {@link Stanza#error}); null: this one gets none
     */
    public static WorkerSession join(
            XmppServer server, String user, String password, String resource, Function<Stanza, Stanza> answer)
            throws Exception {
        WorkerSession session = new WorkerSession(RawClient.login(server, user, password, resource), answer);
        session.client.send("<presence/>");
        session.client.await(
                "presence of its own",
                stanza -> session.client.address().equals(stanza.from()) && stanza.kind() == Stanza.Kind.PRESENCE);
        Thread thread = new Thread(session::serve, "worker " + resource);
        thread.setDaemon(true);
        thread.start();
        return session;
    }

    /** Its connection, to send what else a test wants. Requests are taken from it by the thread that answers. */
    public RawClient client() {
        return client;
    }

    /** How many requests have come to it, answered or not. */
    public int requests() {
        return requests.get();
    }

    private void serve() {
        try {
            while (!over) {
                Stanza stanza =
                        client.poll(each -> each.isRequest() || "subscribe".equals(each.type()), Duration.ofSeconds(1));
                if (stanza != null && stanza.isRequest()) {
                    requests.incrementAndGet();
                    Stanza reply = answer.apply(stanza);
                    if (reply != null) {
                        client.send(reply);
                    }
                } else if (stanza != null) {
                    client.send("<presence type='subscribed' to='" + stanza.from() + "'/>");
                }
            }
        } catch (IOException | InterruptedException e) {
            over = true;
        }
    }

    /** Ends the connection without a word, as a crash does. */
    public void cut() throws IOException {
        over = true;
        client.cut();
    }

    @Override
    public void close() {
        over = true;
        client.close();
    }
}
