package org.clientproxy.proxy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.clientproxy.stream.ComponentStream;
import org.clientproxy.stream.ConnectPermit;
import org.clientproxy.stream.MessageCare;
import org.clientproxy.stream.SimulatedLoop;
import org.clientproxy.stream.StanzaListener;
import org.clientproxy.stream.StanzaNotSentException;
import org.clientproxy.stream.StanzaRelay;
import org.clientproxy.stream.StreamCounters;
import org.clientproxy.stream.StreamListener;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.stream.StreamSettings;
import org.clientproxy.stream.StreamState;
import org.clientproxy.stream.WriteBarrier;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/** A component stream without a socket: a test plays the server, on a simulated clock. */
public final class InMemoryStream implements ComponentStream {
    private final StreamSettings settings;
    private final SimulatedLoop loop;
    private final List<StreamListener> listeners = new ArrayList<>();
    private final List<Stanza> sent = new ArrayList<>();
    // What the barrier was asked about and has not opened for, by the times it was asked; and what it has opened for.
    private final ArrayDeque<List<Stanza>> held = new ArrayDeque<>();
    private final List<Stanza> opened = new ArrayList<>();
    private WriteBarrier barrier = WriteBarrier.NONE;
    private final StreamCounters counters = new StreamCounters();
    private StanzaListener stanzas = stanza -> {};
    private StreamState state = StreamState.DISCONNECTED;
    private StanzaNotSentException.@Nullable Reason refusal;
    private Witness witness = (stanza, refused) -> {};

    /** Hears of each stanza when it is given to the stream, and why it was not taken; null: it was. */
    @FunctionalInterface
    interface Witness {
        void given(Stanza stanza, StanzaNotSentException.@Nullable Reason refused);
    }

    @Nullable
    String pinged;

    int reconnects;
    /** Who gives the settings of a connection. */
    Supplier<StreamSettings> source = this::settings;

    private MessageCare messages = MessageCare.NONE;
    private boolean congested;
    int stops;

    InMemoryStream(StreamSettings settings, SimulatedLoop loop) {
        this.settings = settings;
        this.loop = loop;
    }

    /** The server says this to the component. */
    public void receive(Stanza stanza) {
        loop.execute(() -> stanzas.onStanza(stanza));
        loop.runDue();
    }

    public void become(StreamState now) {
        StreamState before = state;
        state = now;
        changed(before, now);
    }

    private void changed(StreamState before, StreamState now) {
        loop.execute(() -> listeners.forEach(listener -> listener.onState(before, now, null)));
        loop.runDue();
    }

    /** These were read in one go: the loop does nothing else between them. */
    void receiveTogether(Stanza... together) {
        loop.execute(() -> {
            for (Stanza stanza : together) {
                stanzas.onStanza(stanza);
            }
        });
        loop.runDue();
    }

    /** What was sent is given to the socket, or waits for the barrier. */
    public void write() {
        if (state == StreamState.READY && !sent.isEmpty() && !barrier.isOpen(this::open)) {
            held.add(List.copyOf(sent));
            sent.clear();
        }
    }

    private void open() {
        opened.addAll(held.remove());
    }

    /** What was sent since the last call, as far as the barrier is open; while the stream is ready, this is when it is written. */
    List<Stanza> takeSent() {
        write();
        List<Stanza> taken = new ArrayList<>(opened);
        taken.addAll(sent);
        opened.clear();
        sent.clear();
        return taken;
    }

    /** From now on stanzas are not taken for this reason; null: they are. */
    public void refuse(StanzaNotSentException.@Nullable Reason reason) {
        refusal = reason;
    }

    void witness(Witness hears) {
        witness = hears;
    }

    @Override
    public StreamSettings settings() {
        return settings;
    }

    @Override
    public void renewedBy(Supplier<StreamSettings> asked) {
        source = asked;
    }

    @Override
    public StreamLoop loop() {
        return loop;
    }

    @Override
    public StreamState state() {
        return state;
    }

    @Override
    public @Nullable String lastFailure() {
        return null;
    }

    @Override
    public StreamCounters counters() {
        return counters;
    }

    @Override
    public void onStanza(StanzaListener listener) {
        stanzas = listener;
    }

    @Override
    public void addStreamListener(StreamListener listener) {
        listeners.add(listener);
    }

    @Override
    public void beforeWrites(WriteBarrier asked) {
        barrier = asked;
    }

    @Override
    public void relayedBy(StanzaRelay relay) {
        // The test says who reads what.
    }

    @Override
    public void readElsewhere(Stanza stanza) {
        stanzas.onStanza(stanza);
    }

    @Override
    public void permittedBy(ConnectPermit permit) {
        // The test says when it is ready.
    }

    @Override
    public void withdraw() {
        // The test says when it is down.
    }

    @Override
    public void abandon() {
        StreamState before = state;
        state = StreamState.DISCONNECTED;
        listeners.forEach(listener -> listener.onState(before, state, null));
        held.clear();
        sent.clear();
    }

    @Override
    public void messagesBy(MessageCare care) {
        messages = care;
    }

    /** The stream breaks before any of what was sent since the last look was begun. */
    void breakUnwritten() {
        List<Stanza> unwritten = List.copyOf(sent);
        sent.clear();
        StreamState before = state;
        state = StreamState.DISCONNECTED;
        loop.execute(() -> {
            for (Stanza stanza : unwritten) {
                boolean reply = "error".equals(stanza.type()) || "result".equals(stanza.type());
                if (reply || stanza.kind() == Stanza.Kind.MESSAGE && messages.waits(stanza)) {
                    sent.add(stanza);
                } else if (stanza.kind() == Stanza.Kind.MESSAGE) {
                    messages.unsent(stanza);
                }
            }
        });
        loop.runDue();
        changed(before, StreamState.DISCONNECTED);
    }

    /** Only the start tag of this message was read; the sender hears of it, or does not. */
    boolean skips(Stanza message) {
        return messages.isRefused(message);
    }

    @Override
    public void keepAliveTo(String address) {
        pinged = address;
    }

    @Override
    public void pauseReading(Pause who, boolean pause) {
        // The test says what arrives when.
    }

    /** From now on it has too much to write, or not any more. */
    void congest(boolean now) {
        congested = now;
    }

    @Override
    public boolean isCongested() {
        return congested;
    }

    @Override
    public void reconnect() {
        reconnects++;
    }

    @Override
    public void start() {
        // The test says when it is ready.
    }

    @Override
    public CompletionStage<Void> stop() {
        stops++;
        loop.execute(() -> state = StreamState.DISCONNECTED);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void send(Stanza stanza) throws StanzaNotSentException {
        if (refusal != null) {
            StanzaNotSentException.Reason reason = refusal;
            refusal = null;
            witness.given(stanza, reason);
            throw new StanzaNotSentException(reason, "refused by the test");
        }
        boolean reply = "error".equals(stanza.type()) || "result".equals(stanza.type());
        boolean waits = reply || stanza.kind() == Stanza.Kind.MESSAGE && messages.waits(stanza);
        if (state != StreamState.READY && !waits) {
            throw new StanzaNotSentException(StanzaNotSentException.Reason.NOT_READY, "not ready");
        }
        witness.given(stanza, null);
        sent.add(stanza);
    }
}
