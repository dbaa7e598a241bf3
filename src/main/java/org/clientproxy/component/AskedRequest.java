package org.clientproxy.component;

import java.time.Duration;
import org.clientproxy.stream.StanzaNotSentException;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.Stanza;

/** An IQ request that awaits its reply. It ends once: with that, with its time, or without a way to be sent. On the loop. */
final class AskedRequest implements AwaitedReply {
    /** Who has asked. One of these is called, once. */
    interface Asker extends AwaitedReply {
        /** No reply came in time. */
        void late();

        /** The stream did not take the request. */
        void notSent(StanzaNotSentException why);
    }

    private final StreamUse by;
    private final Stanza request;
    private final Asker asker;
    private StreamLoop.Timeout timeout;

    AskedRequest(StreamUse by, Stanza request, Asker asker) {
        this.by = by;
        this.request = request;
        this.asker = asker;
    }

    /**
     * From now on its reply comes here; to be called before it is sent.
     *
     * @throws IllegalArgumentException where no reply could be known by what the request says
     * @throws IllegalStateException where the use was given back, or such a request is open already
     */
    void open() {
        if (request.to() == null || request.id() == null) {
            throw new IllegalArgumentException("no reply can be awaited to an IQ request without "
                    + (request.to() == null ? "to, the address that it goes to: " : "id: ") + request);
        }
        by.await(request.to(), request.id(), this);
    }

    /** @param limit how long the reply is awaited */
    void send(Duration limit) {
        timeout = by.stream().loop().schedule(this::expire, limit.toNanos());
        try {
            by.send(request);
        } catch (StanzaNotSentException e) {
            by.forget(request.to(), request.id());
            timeout.cancel();
            asker.notSent(e);
        }
    }

    private void expire() {
        by.forget(request.to(), request.id());
        asker.late();
    }

    @Override
    public void reply(Stanza reply) {
        timeout.cancel();
        asker.reply(reply);
    }

    @Override
    public void ended(String why) {
        timeout.cancel();
        asker.ended(why);
    }
}
