package org.clientproxy.component;

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
import org.clientproxy.stream.StanzaRelay;
import org.clientproxy.stream.StreamCounters;
import org.clientproxy.stream.StreamListener;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.stream.StreamSettings;
import org.clientproxy.stream.StreamState;
import org.clientproxy.stream.WriteBarrier;
import org.clientproxy.xmpp.Stanza;

/** A stream without a socket, whose test says what arrives and when it is closed. */
final class FakeStream implements ComponentStream {
    private final StreamSettings settings;
    final SimulatedLoop loop;
    final List<Stanza> sent = new ArrayList<>();
    /** The test completes it, unless it does not care. */
    CompletableFuture<Void> closed = CompletableFuture.completedFuture(null);

    volatile int starts;
    volatile int stops;
    Runnable onStart = () -> {};
    private StanzaListener stanzas = stanza -> {};

    FakeStream(StreamSettings settings, SimulatedLoop loop) {
        this.settings = settings;
        this.loop = loop;
    }

    /** The server says this. */
    void receive(Stanza stanza) {
        loop.execute(() -> stanzas.onStanza(stanza));
        loop.runDue();
    }

    @Override
    public boolean isCongested() {
        return false;
    }

    @Override
    public StreamSettings settings() {
        return settings;
    }

    @Override
    public void renewedBy(Supplier<StreamSettings> source) {
        // There are no connections to make.
    }

    @Override
    public StreamLoop loop() {
        return loop;
    }

    @Override
    public StreamState state() {
        return starts > stops ? StreamState.READY : StreamState.DISCONNECTED;
    }

    @Override
    public String lastFailure() {
        return null;
    }

    @Override
    public StreamCounters counters() {
        return new StreamCounters();
    }

    @Override
    public void onStanza(StanzaListener listener) {
        stanzas = listener;
    }

    @Override
    public void addStreamListener(StreamListener listener) {
        // Its state changes for nobody.
    }

    @Override
    public void beforeWrites(WriteBarrier barrier) {
        // Nothing is written.
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
        sent.clear();
    }

    @Override
    public void messagesBy(MessageCare care) {
        // Nobody sends messages here.
    }

    @Override
    public void keepAliveTo(String address) {
        // It lives until it is stopped.
    }

    @Override
    public void pauseReading(Pause who, boolean pause) {
        // The test says what arrives.
    }

    @Override
    public void start() {
        starts++;
        onStart.run();
    }

    @Override
    public void reconnect() {
        // It is never down.
    }

    @Override
    public CompletionStage<Void> stop() {
        stops++;
        return closed;
    }

    @Override
    public void send(Stanza stanza) {
        // A reply waits in the outbox for a next connection, as in the real one.
        sent.add(stanza);
    }
}
