package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import org.clientproxy.proxy.pending.PendingRequest;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.stream.SimulatedLoop;
import org.clientproxy.stream.StanzaNotSentException;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/** The proxy of a random run beside its reference model, with the clock of both: whatever is played comes by here. */
final class PlayStage {
    /** The clock goes in steps of this many nanoseconds, so that things fall together. */
    static final long GRID = Duration.ofMillis(100).toNanos();

    final ModelSystem system;
    final ReferenceModel model;
    final ModelWire wire;
    final PlayHeard heard;
    private final SimulatedLoop loop;
    private @Nullable String wrong;
    private int serial;

    PlayStage(ModelSystem system, ProxySettings settings, ModelWire wire, PlayHeard heard) {
        this.system = system;
        this.wire = wire;
        this.heard = heard;
        this.loop = system.loop();
        PendingRequests pending = system.pendingRequests();
        this.model = new ReferenceModel(loop::nanoTime, settings, wire, new ModelHints() {
            @Override
            public boolean isPending(Stanza request) {
                return ModelLeaks.isPending(pending, request);
            }

            @Override
            public boolean isOpen(String key, Stanza request) {
                PendingRequest found = pending.find(key);
                return found != null && Arrays.equals(found.request().content(), request.content());
            }
        });
        ModelLeaks.hearBlame(pending, resource -> model.blamed(resource.key()));
        system.stream().witness(this::given);
    }

    private void given(Stanza stanza, StanzaNotSentException.@Nullable Reason refused) {
        String problem = model.sent(stanza, refused);
        if (wrong == null) {
            wrong = problem;
        }
        heard.sent(stanza, refused, model);
    }

    boolean isReady() {
        return system.stream().state() == StreamState.READY;
    }

    /** The next number, by which a payload is told from all others of its run. */
    int serial() {
        return serial++;
    }

    /** The server says this to the component; the model has heard it. */
    void receive(Stanza stanza) {
        system.stream().receive(stanza);
    }

    /** The two must agree. */
    void check() {
        if (wrong == null) {
            wrong = model.settle();
        }
        if (wrong != null) {
            throw new AssertionError(wrong);
        }
        system.stream().takeSent();
        assertThat(system.pendingRequests().size()).as("pending").isEqualTo(model.pending());
        assertThat(new HashSet<>(ModelLeaks.pool(system.pendingRequests())))
                .as("pool, %s", model.pool())
                .isEqualTo(new HashSet<>(model.pool().choosable()));
    }

    /** Lets the time pass, and some more until nothing is due just now: what is due is given a little late. */
    void pass(long time) {
        long until = loop.nanoTime() + time;
        while (true) {
            long due = model.nextDue();
            boolean late = due != 0 && due <= loop.nanoTime();
            if (!late && loop.nanoTime() >= until) {
                return;
            }
            long next = late ? loop.nanoTime() + 1 : due == 0 ? until : Math.min(due, until);
            next = next + GRID - 1 - (next - 1) % GRID;
            long exactly = model.dueExactly();
            if (exactly != 0) {
                next = Math.min(next, exactly);
            }
            advance(next - 1);
            check();
            model.timeComes(next);
            advance(next);
            check();
        }
    }

    private void advance(long to) {
        loop.advance(Duration.ofNanos(to - loop.nanoTime()));
    }
}
