package org.clientproxy.stream;

import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/**
 * One component's stream to its server (XEP-0114), kept alive over reconnects until it is stopped. Listeners are called
 * on its {@linkplain #loop() loop}.
 */
public interface ComponentStream {
    /** What it was made from. */
    StreamSettings settings();

    /**
     * Gives who is asked for the settings of each connection before it is made: all but host, port, domain and sizes may differ
     * from those that the stream was made from. Whoever is asked may take as long as a connection may take to be made, and is
     * not on the loop; where it fails, the settings of the connection before are used again. To be called before the start.
     */
    void renewedBy(Supplier<StreamSettings> source);

    /** The thread and the clock of this stream. */
    StreamLoop loop();

    /** Where the stream is in its life. Any thread. */
    StreamState state();

    /**
     * Why the stream last went down or could not be opened, in words for an operator; null while it is ready, and where
     * nothing failed. A listener gets it with the change. Any thread.
     */
    @Nullable
    String lastFailure();

    /** What passed through so far. Any thread. */
    StreamCounters counters();

    /** Gives the one listener that gets every stanza. To be called before the start. */
    void onStanza(StanzaListener listener);

    /** Adds a listener to the stream's changes of state. To be called before the start. */
    void addStreamListener(StreamListener listener);

    /**
     * Gives what is asked right before stanzas are given to the socket: what happened on the loop until then is known to it
     * before any of them can arrive, and they wait until it opens. To be called before the start.
     */
    void beforeWrites(WriteBarrier barrier);

    /**
     * Drops everything that was sent and not given to the socket, and closes the connection at once, without a word; a next one
     * is due at once. The {@linkplain #beforeWrites barrier} does not open any more for what it was asked about before. On the
     * loop.
     */
    void abandon();

    /** Gives who is asked before each connection is made. To be called before the start. */
    void permittedBy(ConnectPermit permit);

    /** Gives who is asked first about each stanza that is read. To be called before the start. */
    void relayedBy(StanzaRelay relay);

    /** A stanza that another process has read, and that is this one's. On the loop. */
    void readElsewhere(Stanza stanza);

    /** Whether there is no connection because another process has it, as it should. Any thread. */
    default boolean isStandby() {
        return false;
    }

    /** The stream may not be any more: it is closed in order, and asks again at once before it connects. On the loop. */
    void withdraw();

    /** Gives who says what becomes of messages that cannot be written or read; nobody unless told. Before the start. */
    void messagesBy(MessageCare care);

    /** The address that a keep-alive ping goes to (XEP-0199); the component's own domain unless told. Before the start. */
    void keepAliveTo(String address);

    /** Who keeps a stream from being read for a while. */
    enum Pause {
        /** The route that takes its stanzas is being replaced. */
        ROUTE,
        /** So much waits for other nodes that no more should come. */
        STORE
    }

    /**
     * While anyone pauses it, nothing is read from a stream that is ready, once what has arrived is delivered: the server feels
     * that as slowness. On the loop.
     *
     * @param pause whether this one does from now on
     */
    void pauseReading(Pause who, boolean pause);

    /**
     * Whether so much waits to be written that nothing more is read: nothing should be sent now that can wait. On the loop.
     */
    boolean isCongested();

    /** Begins to connect, and to reconnect for ever. Any thread; a second call does nothing. */
    void start();

    /**
     * Closes the stream in order, if it is ready, and connects again at once; a delay before the next attempt ends. While it
     * is connecting nothing changes. Any thread; before the start and after the stop it does nothing.
     */
    void reconnect();

    /**
     * Writes what waits, closes the stream and does not reconnect. Any thread; idempotent.
     *
     * @return completed when the connection is closed, at the latest some seconds after the call
     */
    CompletionStage<Void> stop();

    /**
     * Sends a stanza, on the loop only. A reply (an IQ result or error, or anything of type error) is taken in any state, and a
     * message that {@linkplain MessageCare#waits waits}: it waits in a bounded outbox while the stream is down. Everything else
     * needs {@link StreamState#READY}.
     *
     * @throws StanzaNotSentException where it was not taken; nothing of it was written then
     */
    void send(Stanza stanza) throws StanzaNotSentException;
}
