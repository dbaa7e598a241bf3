package org.clientproxy.component;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.camel.Message;
import org.clientproxy.stream.ComponentStream;
import org.clientproxy.stream.OwnErrors;
import org.clientproxy.stream.StanzaNotSentException;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.LogLimit;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream as its users share it: brings each stanza to who awaits it, else to the consumer, of which there is one at most.
 * Who its users are, and when it opens and closes, {@link Streams} says.
 */
final class SharedStream {
    private static final Logger LOG = LoggerFactory.getLogger(SharedStream.class);

    /** How long somebody waits for a stream to close, or for its loop. */
    private static final long LIMIT_SECONDS = 10;

    private static final StanzaError NOBODY = StanzaError.of(
            StanzaError.Condition.RECIPIENT_UNAVAILABLE, "Nobody answers requests at this address at present.");

    private static final StanzaError FAILURE = StanzaError.of(
                    StanzaError.Condition.INTERNAL_SERVER_ERROR, "This service failed to handle the request.")
            .with(OwnErrors.NAMESPACE, "failure");

    private record Awaited(StreamUse by, AwaitedReply reply) {}

    private final ComponentStream stream;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final LogLimit limit = new LogLimit(System::nanoTime);
    // On the loop only: who awaits a reply from this address under this id.
    private final Map<String, Awaited> awaited = new HashMap<>();
    // On the loop only: what waits for the consumer while that is replaced; null: nothing does.
    private Deque<Stanza> waiting;
    private volatile XmppComponentConsumer consumer;
    private volatile ConsumerControl control;
    private volatile Consumer<Message> received = message -> {};
    private volatile boolean opened;
    private volatile boolean over;
    /** How many have a use of it; belongs to {@link Streams}, under its lock. */
    int users;

    SharedStream(ComponentStream stream) {
        this.stream = stream;
        stream.onStanza(this::receive);
    }

    ComponentStream stream() {
        return stream;
    }

    void setControl(ConsumerControl decides) {
        control = decides;
    }

    /** Who decides how the consumer stops; null: nobody. */
    ConsumerControl control() {
        return control;
    }

    void setReceived(Consumer<Message> preparation) {
        received = preparation;
    }

    /** On the loop: what is done with the message of each stanza before its route begins. */
    void prepare(Message message) {
        received.accept(message);
    }

    /** For {@link Streams} alone, under its lock: false where it was open before. */
    boolean markOpen() {
        boolean first = !opened;
        opened = true;
        return first;
    }

    /** For {@link Streams} alone, under its lock. */
    void markClosed() {
        over = true;
    }

    boolean isOpen() {
        return opened && !over;
    }

    boolean isClosed() {
        return over;
    }

    /** Completed when it is closed, or should be by far. */
    CompletableFuture<Void> closed() {
        return closed;
    }

    /** Begins to close it. */
    void close() {
        try {
            stream.stop()
                    .toCompletableFuture()
                    .copy()
                    .orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS)
                    .whenComplete((done, failure) -> {
                        if (failure != null) {
                            LOG.warn("{} did not close within {} s", stream.settings(), LIMIT_SECONDS);
                        }
                        closed.complete(null);
                    });
        } catch (RejectedExecutionException e) {
            LOG.debug("the loop of {} has ended before it", stream.settings());
            closed.complete(null);
        }
    }

    void awaitClosed() {
        if (!stream.loop().inLoop()) {
            await(closed);
        }
    }

    /** Returns when the loop has done what it is at. */
    void awaitLoop() {
        if (!stream.loop().inLoop()) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            onLoop(() -> done.complete(null));
            await(done);
        }
    }

    private void await(CompletableFuture<Void> done) {
        try {
            done.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("the loop of {} was busy for {} s", stream.settings(), LIMIT_SECONDS);
        }
    }

    void onLoop(Runnable task) {
        try {
            stream.loop().execute(task);
        } catch (RejectedExecutionException e) {
            // The loop has ended, so nothing else runs there.
            task.run();
        }
    }

    /** On the loop. */
    void send(Stanza stanza) throws StanzaNotSentException {
        if (over) {
            // The stream would keep an answer for a next connection, which never comes.
            throw new StanzaNotSentException(StanzaNotSentException.Reason.NOT_READY, gone());
        }
        stream.send(stanza);
    }

    String gone() {
        return "the endpoint of " + stream.settings() + " is stopped";
    }

    /** On the loop: keeps what comes for the consumer, which may be replaced by another; nothing more is read. */
    void hold() {
        stream.pauseReading(ComponentStream.Pause.ROUTE, true);
        if (waiting == null) {
            waiting = new ArrayDeque<>();
        }
    }

    /** On the loop: the consumer gets what waits, in its order. */
    void release() {
        Deque<Stanza> kept = waiting;
        waiting = null;
        if (kept != null) {
            kept.forEach(this::receive);
        }
        stream.pauseReading(ComponentStream.Pause.ROUTE, false);
    }

    boolean isConsumed() {
        return consumer != null;
    }

    synchronized void consume(XmppComponentConsumer joining) {
        if (consumer != null && consumer != joining) {
            throw new IllegalStateException("there is a consumer for " + stream.settings()
                    + " already; one stream can have one, so let its route pass stanzas on");
        }
        consumer = joining;
    }

    /** Says whether it was the consumer. */
    synchronized boolean quit(XmppComponentConsumer leaving) {
        boolean was = consumer == leaving;
        if (was) {
            consumer = null;
        }
        return was;
    }

    /** On the loop: the reply from this address under this id goes there, and not to the consumer. */
    void await(StreamUse by, String from, String id, AwaitedReply reply) {
        if (awaited.putIfAbsent(key(from, id), new Awaited(by, reply)) != null) {
            throw new IllegalStateException("a request to " + from + " under the id " + id + " is open already");
        }
    }

    void forget(String from, String id) {
        awaited.remove(key(from, id));
    }

    /** Tells those who await a reply by this use that none comes. Null: all. */
    void endAwaited(StreamUse use) {
        onLoop(() -> {
            List<AwaitedReply> ended = new ArrayList<>();
            for (Iterator<Awaited> each = awaited.values().iterator(); each.hasNext(); ) {
                Awaited open = each.next();
                if (use == null || open.by() == use) {
                    each.remove();
                    ended.add(open.reply());
                }
            }
            ended.forEach(reply -> reply.ended(gone()));
        });
    }

    private void receive(Stanza stanza) {
        if (stanza.isReply() && !awaited.isEmpty() && stanza.id() != null) {
            Awaited open = awaited.remove(key(stanza.from(), stanza.id()));
            if (open != null) {
                open.reply().reply(stanza);
                return;
            }
        }
        if (waiting != null) {
            waiting.add(stanza);
            return;
        }
        XmppComponentConsumer current = consumer;
        ConsumerControl decides = control;
        if (current == null && decides != null) {
            decides.unattended(stanza);
            return;
        }
        StanzaError refusal = stanza.isRequest() && stanza.id() != null ? refusal(current, decides, stanza) : null;
        if (refusal != null) {
            refuse(stanza, refusal);
        } else if (current != null) {
            current.receive(stanza);
        }
    }

    private static StanzaError refusal(XmppComponentConsumer current, ConsumerControl decides, Stanza request) {
        return current == null ? NOBODY : decides == null ? null : decides.refusal(request);
    }

    private void refuse(Stanza request, StanzaError error) {
        try {
            stream.send(request.error(error));
        } catch (StanzaNotSentException e) {
            try {
                stream.send(request.error(FAILURE));
            } catch (StanzaNotSentException again) {
                if (limit.admit(again.getMessage()) >= 0) {
                    LOG.error("an answer was not sent, {}: {}", again.getMessage(), request);
                }
            }
        }
    }

    private static String key(String from, String id) {
        return Jid.parse(from).key() + '\n' + id;
    }
}
