package org.clientproxy.component;

import java.time.Duration;
import java.util.function.Consumer;
import org.clientproxy.stream.StanzaNotSentException;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.Stanza;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An IQ request of whoever uses a stream, which ends once: with its reply, or without one. On the loop. */
final class AskedRequest implements AwaitedReply {
    private static final Logger LOG = LoggerFactory.getLogger(AskedRequest.class);

    private final StreamUse by;
    private final Stanza request;
    private final Consumer<Stanza> heard;
    private StreamLoop.Timeout timeout;

    AskedRequest(StreamUse by, Stanza request, Consumer<Stanza> heard) {
        this.by = by;
        this.request = request;
        this.heard = heard;
    }

    void send(Duration limit) {
        by.await(request.to(), request.id(), this);
        timeout = by.stream().loop().schedule(this::giveUp, limit.toNanos());
        try {
            by.send(request);
        } catch (StanzaNotSentException e) {
            LOG.debug("not sent, {}: {}", e.getMessage(), request);
            // It is heard from a task of its own, as a reply is.
            timeout.cancel();
            timeout = by.stream().loop().schedule(this::giveUp, 0);
        }
    }

    private void giveUp() {
        by.forget(request.to(), request.id());
        heard.accept(null);
    }

    @Override
    public void reply(Stanza reply) {
        timeout.cancel();
        heard.accept(reply);
    }

    @Override
    public void ended(String why) {
        timeout.cancel();
        heard.accept(null);
    }
}
