package org.clientproxy.proxy;

import java.time.Duration;
import java.util.List;
import org.clientproxy.proxy.ModelRequest.Must;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.WorkerKeys;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/** What happens to the requests of requesters, for the reference model: replies come, and resources leave and return. */
final class ModelEvents {
    private static final long UNDELIVERED = Duration.ofSeconds(2).toNanos();

    private final ModelOpen open;
    private final ModelPool pool;
    private final ModelAccess access;
    private final ProxySettings settings;

    ModelEvents(ModelOpen open, ModelPool pool, ModelAccess access) {
        this.access = access;
        this.open = open;
        this.pool = pool;
        this.settings = open.settings;
    }

    /**
     * @param pending how many requests are pending in all
     * @param closed the condition with which all new ones are refused; null: they are not
     */
    void request(Stanza stanza, int pending, @Nullable String closed) {
        ModelRequest request =
                new ModelRequest(stanza, now() + settings.replyTimeout().toNanos());
        long share = open.all().stream()
                .filter(other -> other.account.equals(request.account))
                .count();
        boolean full = pending >= settings.maxPending();
        boolean fullFor = share >= settings.maxPendingPerRequester();
        if (closed != null) {
            request.mustFail(closed);
        } else if (!access.allows(request.requester)) {
            request.mustFail("forbidden");
        } else if (full && fullFor) {
            request.mustFail("too-many-pending", "too-many-pending-of-requester");
        } else if (full || fullFor) {
            request.mustFail(full ? "too-many-pending" : "too-many-pending-of-requester");
        } else {
            request.must = Must.ATTEMPT;
        }
        open.add(request);
    }

    void reply(Stanza reply, ModelReply kind) {
        Jid to = reply.toJid();
        for (ModelRequest request : List.copyOf(open.all())) {
            for (ModelAttempt attempt : request.attempts()) {
                boolean answers = !request.answered
                        && attempt.at.equals(reply.fromJid().key())
                        && attempt.from.equals(to.key())
                        && attempt.wireId.equals(reply.id());
                if (answers && request.bounce == null) {
                    if (attempt != request.now) {
                        request.turnTo(attempt);
                    }
                    reply(request, reply, kind);
                }
            }
        }
    }

    private void reply(ModelRequest request, Stanza reply, ModelReply kind) {
        pool.ejections().replied(request.at(), kind);
        boolean refuses = kind.isOneOf(settings.get(WorkerKeys.RETRY_ON));
        if (refuses && !kind.isBounce() && pool.contains(request.at())) {
            // Whoever is there has had it.
            request.now.formerSession = false;
        }
        if (refuses || kind.isBounce() && !request.others.isEmpty()) {
            request.must = Must.BUSY;
            request.reply = reply;
        } else if (kind.isBounce()) {
            request.bounce = reply;
            request.bouncedAt = now();
            request.notFound = kind == ModelReply.SERVICE_UNAVAILABLE;
            request.bounceLimit = 0;
            request.now.graceEnd = 0;
            request.undelivered = kind == ModelReply.SERVICE_UNAVAILABLE && now() - request.now.sentAt <= UNDELIVERED;
            request.must = pool.contains(request.at()) ? null : Must.GONE;
        } else {
            request.must = Must.REPLY;
            request.reply = reply;
            if (!kind.isSound()) {
                request.mustFail("bad-reply");
            }
        }
    }

    void stop() {
        open.all().forEach(request -> request.mustFail("stopping"));
    }

    void left(String resource, boolean settle) {
        for (ModelRequest request : open.all()) {
            if (request.at() != null && request.at().equals(resource) && request.bounce != null) {
                request.must = Must.GONE;
            }
            for (ModelAttempt attempt : request.attempts()) {
                if (attempt.at.equals(resource)) {
                    attempt.formerSession |= settle;
                    attempt.graceEnd = settle ? now() + settings.leaveGrace().toNanos() : 0;
                }
            }
        }
    }

    void returned(String resource) {
        for (ModelRequest request : open.all()) {
            if (resource.equals(request.at())) {
                // A set waits on; a get does until the grace is over.
                request.now.graceEnd = request.isGet() ? request.now.graceEnd : 0;
                lookSoon(request);
            }
        }
    }

    void confirmed() {
        for (ModelRequest request : open.all()) {
            // What is over is not sent on any more.
            if (request.now == null && request.must == null && !isPast(request.deadline)) {
                request.must = Must.ATTEMPT;
            }
        }
    }

    /** Something changes the pool. What was held back for a suspicion is looked at some time after that is over. */
    void change(Runnable change) {
        List<ModelRequest> held = open.all().stream()
                .filter(request -> request.bounce != null && request.now != null && pool.isSuspect(request.at()))
                .filter(request -> isPast(request.bouncedAt + ReferenceModel.BOUNCE_WAIT))
                .toList();
        change.run();
        for (ModelRequest request : held) {
            if (pool.contains(request.at()) && !pool.isSuspect(request.at())) {
                request.bounceLimit = now() + ReferenceModel.BOUNCE_WAIT;
            }
        }
    }

    /** A bounce that was held while its resource was suspect is looked at once more, for it is not suspect now. */
    private void lookSoon(ModelRequest request) {
        if (request.bounce != null && isPast(request.bouncedAt + ReferenceModel.BOUNCE_WAIT)) {
            request.bounceLimit = now() + ReferenceModel.BOUNCE_WAIT;
        }
    }

    private long now() {
        return open.now();
    }

    private boolean isPast(long at) {
        return open.isPast(at);
    }
}
