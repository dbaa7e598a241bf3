package org.clientproxy.component;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.camel.Message;
import org.clientproxy.stream.ComponentStream;
import org.clientproxy.stream.StanzaNotSentException;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.LogLimit;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream with those who use it: at most one consumer, any number of producers. It runs from the first user's start to
 * the last one's stop.
 */
final class SharedStream {
    private static final Logger LOG = LoggerFactory.getLogger(SharedStream.class);
    private static final long STOP_SECONDS = 10;
    private static final StanzaError NOBODY = StanzaError.of(
            StanzaError.Condition.RECIPIENT_UNAVAILABLE, "Nobody answers requests at this address at present.");

    private static final StanzaError FAILURE = StanzaError.of(
                    StanzaError.Condition.INTERNAL_SERVER_ERROR, "This service failed to handle the request.")
            .with("failure");

    private final ComponentStream stream;
    private final LogLimit limit = new LogLimit(System::nanoTime);
    // On the loop only: who awaits a reply from this address under this id.
    private final Map<String, Consumer<Stanza>> awaited = new HashMap<>();
    // On the loop only: what waits for the consumer while that is replaced; null: nothing does.
    private Deque<Stanza> waiting;
    private volatile XmppComponentConsumer consumer;
    private volatile ConsumerControl control;
    private volatile Consumer<Message> received = message -> {};
    private int users;

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

    synchronized void use() {
        if (users++ == 0) {
            stream.start();
        }
    }

    /** Says whether that was the last user; the stream is stopped then. */
    synchronized boolean leave() throws Exception {
        if (--users > 0) {
            return false;
        }
        CompletionStage<Void> stopped = stream.stop();
        try {
            stopped.toCompletableFuture().get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            LOG.warn("{} did not close within {} s", stream.settings(), STOP_SECONDS);
        }
        return true;
    }

    /** On the loop: keeps what comes for the consumer, which may be replaced by another; nothing more is read. */
    void pause() {
        stream.pauseReading(true);
        if (waiting == null) {
            waiting = new ArrayDeque<>();
        }
    }

    /** On the loop: the consumer gets what waits, in its order. */
    void resume() {
        Deque<Stanza> kept = waiting;
        waiting = null;
        if (kept != null) {
            kept.forEach(this::receive);
        }
        stream.pauseReading(false);
    }

    synchronized void consume(XmppComponentConsumer joining) {
        if (consumer != null && consumer != joining) {
            throw new IllegalStateException("there is a consumer for " + stream.settings()
                    + " already; one stream can have one, so let its route pass stanzas on");
        }
        consumer = joining;
    }

    synchronized void quit(XmppComponentConsumer leaving) {
        if (consumer == leaving) {
            consumer = null;
        }
    }

    /** On the loop: the reply from this address under this id goes there, and not to the consumer. */
    void await(String from, String id, Consumer<Stanza> reply) {
        if (awaited.putIfAbsent(key(from, id), reply) != null) {
            throw new IllegalStateException("a request to " + from + " under the id " + id + " is open already");
        }
    }

    void forget(String from, String id) {
        awaited.remove(key(from, id));
    }

    private void receive(Stanza stanza) {
        if (stanza.isReply() && !awaited.isEmpty() && stanza.id() != null) {
            Consumer<Stanza> reply = awaited.remove(key(stanza.from(), stanza.id()));
            if (reply != null) {
                reply.accept(stanza);
                return;
            }
        }
        if (waiting != null) {
            waiting.add(stanza);
            return;
        }
        XmppComponentConsumer current = consumer;
        StanzaError refusal = stanza.isRequest() && stanza.id() != null ? refusal(current, stanza) : null;
        if (refusal != null) {
            refuse(stanza, refusal);
        } else if (current != null) {
            current.receive(stanza);
        }
    }

    private StanzaError refusal(XmppComponentConsumer current, Stanza request) {
        ConsumerControl decides = control;
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
