package org.clientproxy.component;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.camel.Message;
import org.clientproxy.stream.ComponentStream;
import org.clientproxy.stream.StanzaNotSentException;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.Stanza;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One user's hold on a stream: taken by {@link XmppComponentEndpoint#use()}, given back once by {@link #close()}. A stream runs
 * from the first {@link #open()} of a user until the last user gives it back, so whoever needs it for longer than a route runs
 * takes a use of its own. Every consumer and every producer has one.
 *
 * <p>Each method may be called after the use was given back, and then does nothing or says so. Any thread, where nothing else
 * is said.
 */
public final class StreamUse implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StreamUse.class);

    private final Streams streams;
    private final SharedStream shared;
    private volatile boolean givenBack;

    StreamUse(Streams streams, SharedStream shared) {
        this.streams = streams;
        this.shared = shared;
    }

    /** The stream. Its listeners are added before the first {@link #open()}. */
    public ComponentStream stream() {
        return shared.stream();
    }

    /**
     * Lets the stream connect, unless it does already. While an earlier stream to the same server is being closed, it waits
     * for that, since a server takes one connection for a domain at a time.
     *
     * @throws IllegalStateException where it was given back
     */
    public void open() {
        streams.open(this, shared);
    }

    /** Whether the stream was let connect, by whomever, and is not closed. */
    public boolean isOpen() {
        return shared.isOpen();
    }

    /** Whether it was given back, or the component was stopped. */
    public boolean isGivenBack() {
        return givenBack || shared.isClosed();
    }

    /** Whether a consumer gets the stanzas at present. */
    public boolean isConsumed() {
        return shared.isConsumed();
    }

    /** Lets somebody else decide how the consumer of the stream stops, and what happens without one. Before the first open. */
    public void control(ConsumerControl control) {
        shared.setControl(control);
    }

    /** Lets somebody else add to the message of each stanza before its route begins, on the loop. Before the first open. */
    public void received(Consumer<Message> preparation) {
        shared.setReceived(preparation);
    }

    /**
     * Sends a stanza, on the loop. After the use was given back, it goes out only where others keep the stream open.
     *
     * @throws StanzaNotSentException where it was not taken, or the stream is closed
     */
    public void send(Stanza stanza) throws StanzaNotSentException {
        shared.send(stanza);
    }

    /**
     * Sends an IQ request, on the loop, and hands on the reply: a result or an error from exactly the address that was asked,
     * under exactly that id. No consumer gets it.
     *
     * @param limit how long the reply is awaited
     * @param heard gets the reply in a later task of the loop, once; null where none came, or none can come any more
     * @throws IllegalStateException where the use was given back, or such a request is open already
     */
    public void ask(Stanza request, Duration limit, Consumer<Stanza> heard) {
        AskedRequest asked =
                new AskedRequest(this, request, new Hearing(stream().loop(), request, heard));
        asked.open();
        asked.send(limit);
    }

    /** Tells of whatever comes in the place of a reply that there is none. */
    private record Hearing(StreamLoop loop, Stanza request, Consumer<Stanza> heard) implements AskedRequest.Asker {
        @Override
        public void reply(Stanza reply) {
            heard.accept(reply);
        }

        @Override
        public void ended(String why) {
            heard.accept(null);
        }

        @Override
        public void late() {
            heard.accept(null);
        }

        @Override
        public void notSent(StanzaNotSentException why) {
            LOG.debug("not sent, {}: {}", why.getMessage(), request);
            // It is heard from a task of its own, as a reply is.
            loop.schedule(() -> heard.accept(null), 0);
        }
    }

    /**
     * Lets what comes for the consumer wait, unread as far as possible, so that its route can be replaced.
     *
     * @return completed on the loop, when the consumer gets nothing any more
     */
    public CompletionStage<Void> holdStanzas() {
        return CompletableFuture.runAsync(shared::hold, shared.stream().loop());
    }

    /** Ends the hold: the consumer gets what has waited. */
    public void releaseStanzas() {
        shared.onLoop(shared::release);
    }

    /**
     * Returns when the loop has done what it is at, so that nothing of it goes on that began before; at once on the loop
     * itself, and in the end also where the loop hangs.
     */
    public void awaitLoop() {
        shared.awaitLoop();
    }

    /** The consumer gets the stanzas from now on, and may get the first before this returns. */
    void attach(XmppComponentConsumer consumer) {
        shared.consume(consumer);
    }

    /** The consumer gets no more stanzas. Returns when it is done with the last one, as far as that was on the loop. */
    void detach(XmppComponentConsumer consumer) {
        if (shared.quit(consumer)) {
            shared.awaitLoop();
        }
    }

    /** On the loop: the reply from this address under this id goes there, and not to the consumer. */
    void await(String from, String id, AwaitedReply reply) {
        if (isGivenBack()) {
            throw new IllegalStateException(gone());
        }
        shared.await(this, from, id, reply);
    }

    /** On the loop: nobody waits for that reply any more. */
    void forget(String from, String id) {
        shared.forget(from, id);
    }

    void prepare(Message message) {
        shared.prepare(message);
    }

    ConsumerControl consumerControl() {
        return shared.control();
    }

    /** What is said to who uses it after it was given back. */
    String gone() {
        return shared.gone();
    }

    /**
     * Gives it back; the second time does nothing. Whoever awaits a reply by it hears that none comes. The last user's closes
     * the stream, and waits for that for some seconds. Not on the loop.
     */
    @Override
    public void close() {
        streams.giveBack(this, shared);
    }

    /**
     * Closes the stream for all who use it, and waits for that for some seconds. Who sends by it takes a fresh one then. Not on
     * the loop.
     */
    public void closeForAll() {
        close();
        streams.end(shared);
    }

    /** For {@link Streams} alone, under its lock: false where it was given back before. */
    boolean markGivenBack() {
        boolean first = !givenBack;
        givenBack = true;
        return first;
    }
}
