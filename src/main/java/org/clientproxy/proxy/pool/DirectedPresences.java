package org.clientproxy.proxy.pool;

import java.util.LinkedHashSet;
import java.util.Set;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.Jid;

/**
 * The pool without a subscription: sessions of the target register by presence that they send to the proxy host itself (RFC 6121
 * §4.6), at their log-in, at each change, and whenever the proxy host's own presence comes. Without a subscription a server
 * reports the end of such a session however it ends, and passes on each repetition.
 *
 * <p>Where there was a subscription it is given up, for with one no server would report that end. After a start the proxy host
 * sends its presence to the bare target, which reaches each session that broadcasts, and to each session known from before, which
 * reaches any. Used on the loop only.
 */
final class DirectedPresences implements TargetWatch {
    /** So many sessions that left are kept, to be asked whether another one has come in their place. */
    private static final int DOUBTED = 100;

    private final Jid domain;
    private final Jid target;
    private final ResourcePool pool;
    private final PresenceSender sender;
    private final PoolMembers members;
    private final SilentResources silent;
    private final SubscriptionLog log;
    private final KnownResources known;
    private final Confirmation confirmation;
    // Those known from before that have not shown up in this stream.
    private final Set<String> awaited = new LinkedHashSet<>();
    // Those to be asked by the next question: they have left, or may have. The last ones are kept.
    private final Set<Jid> doubted = new LinkedHashSet<>();
    private boolean ready;

    DirectedPresences(
            ProxySettings settings,
            StreamLoop loop,
            ResourcePool pool,
            PoolListener listener,
            PresenceSender sender,
            KnownResources known) {
        this.domain = settings.domain();
        this.target = settings.target();
        this.pool = pool;
        this.sender = sender;
        this.known = known;
        this.log = new SubscriptionLog(settings, loop);
        this.members = new PoolMembers(settings, loop, pool, listener, log, this::ask, () -> {});
        this.silent = new SilentResources(loop, pool, settings.confirmTimeout(), this::ask, members::silent);
        this.confirmation = new Confirmation(loop, pool, settings.confirmTimeout(), this::confirm);
    }

    @Override
    public void adjust(ProxySettings now) {
        confirmation.adjust(now.confirmTimeout());
        silent.adjust(now.confirmTimeout());
        if (members.adjust(now.resources())) {
            // Who was left out so far says again that it is there.
            ask();
        }
    }

    @Override
    public void streamReady() {
        ready = true;
        // Silent where there is no subscription to be given up.
        sender.send("unsubscribe", target);
        sender.send("", target);
        awaited.clear();
        for (Jid resource : known.all()) {
            awaited.add(resource.key());
            sender.send("", resource);
        }
        confirmation.begin();
    }

    @Override
    public void askAgain() {
        known.all().forEach(this::doubt);
        ask();
        confirmation.begin();
    }

    @Override
    public void streamDown() {
        ready = false;
        pool.unconfirm();
        cancelTimers();
    }

    @Override
    public void stop() {
        boolean told = ready;
        ready = false;
        cancelTimers();
        known.flush();
        if (told) {
            sender.send("unavailable", target);
            pool.all().forEach(resource -> sender.send("unavailable", resource.jid()));
        }
    }

    @Override
    public void receive(TargetPresence presence) {
        Jid from = presence.from();
        if (!ready) {
            return;
        }
        if (!from.isFull()) {
            // Of the account only its errors say something: what it decides of subscriptions is of no interest.
            if (presence.type().equals("error")) {
                log.accountFailed();
            }
            return;
        }
        switch (presence.type()) {
            case "" -> available(presence);
            case "unavailable" -> {
                doubt(from);
                members.unavailable(from);
                gone(from);
            }
            case "error" -> {
                members.failed(from);
                gone(from);
            }
            case "probe" -> sender.send("", from);
            default -> {
                // It is about a subscription.
            }
        }
    }

    @Override
    public String whyNobody() {
        return members.whyNobody("sends its presence to " + domain + " (proxy.subscribe=off)");
    }

    private void available(TargetPresence presence) {
        members.available(presence);
        if (pool.find(presence.from()) == null) {
            // It is no implementing client.
            return;
        }
        known.add(presence.from());
        if (awaited.remove(presence.from().key()) && awaited.isEmpty()) {
            members.confirm();
        }
        members.wakeWaiting();
    }

    private void gone(Jid from) {
        known.remove(from);
        if (awaited.remove(from.key()) && awaited.isEmpty()) {
            members.confirm();
        }
    }

    @Override
    public void wakeWaiting() {
        members.wakeWaiting();
    }

    @Override
    public void suspect(PooledResource resource) {
        if (ready) {
            doubt(resource.jid());
            silent.suspect(resource);
        }
    }

    /** Asks those who broadcast, and those in doubt, to say once more that they are there. */
    private void ask() {
        if (ready) {
            sender.send("", target);
            doubted.forEach(resource -> sender.send("", resource));
            doubted.clear();
        }
    }

    private void doubt(Jid resource) {
        doubted.add(resource);
        if (doubted.size() > DOUBTED) {
            doubted.remove(doubted.iterator().next());
        }
    }

    private void confirm() {
        // Who was known and has not answered is gone, whether an earlier process knew it or this one.
        known.keep(resource -> !awaited.contains(resource.key()));
        awaited.clear();
        members.unconfirmedLeave();
    }

    private void cancelTimers() {
        confirmation.cancel();
        silent.clear();
        members.endDoubts();
        awaited.clear();
        doubted.clear();
    }
}
