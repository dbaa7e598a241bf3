package org.clientproxy.scenarios;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.loopback.XmppServer;
import org.clientproxy.xmpp.Stanza;

/** A client that logs in again whenever its session ends, and handles what it gets on a thread of its own. */
abstract class FaultClient implements AutoCloseable {
    private final XmppServer server;
    private final String user;
    private final String resource;
    private final Thread thread;
    private volatile boolean closed;
    private volatile RawClient client;

    FaultClient(XmppServer server, String user, String resource) {
        this.server = server;
        this.user = user;
        this.resource = resource;
        this.thread = new Thread(this::run, user + '/' + resource);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** There is a new session. */
    abstract void loggedIn(RawClient session) throws IOException;

    abstract void received(RawClient session, Stanza stanza) throws IOException;

    /** The session is over, and with it whatever it awaited. */
    void lost() {
        // Not every client awaits something.
    }

    RawClient session() {
        return client;
    }

    /** Ends the session without a word; another one follows. */
    void cut() {
        RawClient present = client;
        try {
            if (present != null) {
                present.cut();
            }
        } catch (IOException e) {
            // It was over already.
            return;
        }
    }

    private void run() {
        while (!closed) {
            try {
                RawClient session = RawClient.login(server, user, "pw", resource);
                loggedIn(session);
                client = session;
                while (!closed && !session.isOver()) {
                    Stanza stanza = session.poll(each -> true, Duration.ofMillis(100));
                    if (stanza != null) {
                        received(session, stanza);
                    }
                }
                client = null;
                session.close();
            } catch (InterruptedException e) {
                closed = true;
            } catch (Exception e) {
                client = null;
                // No session at the moment; the server may be down.
                LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            }
            lost();
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        RawClient present = client;
        if (present != null) {
            present.close();
        }
    }

    /**
     * An implementing client that answers each request with its own payload.
     *
     * @param delay how long it takes for each
     */
    static FaultClient worker(XmppServer server, String resource, Duration delay) {
        return worker(server, resource, delay, request -> {});
    }

    /** @param answers hears of each request right before it is answered, on any thread */
    static FaultClient worker(XmppServer server, String resource, Duration delay, Consumer<Stanza> answers) {
        FaultClient worker = new FaultClient(server, "worker", resource) {
            @Override
            void loggedIn(RawClient session) throws IOException {
                session.send("<presence/>");
            }

            @Override
            void received(RawClient session, Stanza stanza) throws IOException {
                if (stanza.isRequest()) {
                    CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS)
                            .execute(() -> {
                                answers.accept(stanza);
                                answer(session, stanza);
                            });
                } else if ("subscribe".equals(stanza.type())) {
                    session.send("<presence type='subscribed' to='" + stanza.from() + "'/>");
                }
            }
        };
        worker.start();
        return worker;
    }

    private static void answer(RawClient session, Stanza request) {
        try {
            session.send(Worker.reply(request, new String(request.content(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            // The session ended before the work was done.
            return;
        }
    }
}
