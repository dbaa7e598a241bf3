package org.clientproxy.proxy.pool;

import java.time.Duration;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our subscription to the target's presence, which keeps the pool true (RFC 6121 §3, §4). It takes what the target says to those
 * who keep a part of it: {@link SubscribeRequests} ask until they are accepted and from time to time, {@link PoolMembers} are
 * taken in and out, {@link ProbeRetries} and {@link SilentResources} probe after an acceptance and never before. Used on the
 * loop only.
 */
public final class TargetSubscription implements TargetWatch {
    private static final Logger LOG = LoggerFactory.getLogger(TargetSubscription.class);

    private final Jid domain;
    private final Jid target;
    private final ResourcePool pool;
    private final PresenceSender sender;
    private final SubscribeRequests requests;
    private final PoolMembers members;
    private final ProbeRetries retries;
    private final SilentResources silent;
    private final SubscriptionLog log;
    private final Confirmation confirmation;
    // Whether all that the target says comes here, in its order: where other processes have streams, an answer may have
    // gone to one of them, and that nobody is there may be older than the presence of who came since.
    private final boolean hearsAll;
    // Whether the last denial was an error of the account's server.
    private boolean accountFailed;

    public TargetSubscription(
            ProxySettings settings, StreamLoop loop, ResourcePool pool, PoolListener listener, PresenceSender sender) {
        this.domain = settings.domain();
        this.target = settings.target();
        this.hearsAll = !settings.hasSeveralStreams();
        this.pool = pool;
        this.sender = sender;
        this.log = new SubscriptionLog(settings, loop);
        this.requests = new SubscribeRequests(loop, pool, () -> sender.send("subscribe", target));
        this.members = new PoolMembers(settings, loop, pool, listener, log, this::probe, requests::renewSoon);
        this.silent = new SilentResources(loop, pool, settings.confirmTimeout(), this::probe, members::silent);
        this.confirmation = new Confirmation(loop, pool, settings.confirmTimeout(), members::unconfirmedLeave);
        this.retries = new ProbeRetries(loop, this::sendProbe, () -> pool.hasUnconfirmed() || silent.isAwaited());
    }

    @Override
    public void adjust(ProxySettings now) {
        confirmation.adjust(now.confirmTimeout());
        silent.adjust(now.confirmTimeout());
        if (members.adjust(now.resources())) {
            // Who was left out so far says again that it is there.
            probe();
        }
    }

    @Override
    public void streamReady() {
        requests.begin();
        sender.send("", target);
        confirmation.begin();
        requests.ask();
    }

    /**
     * Nobody leaves for not answering, for the answer may have gone astray as well; but those whom nobody has seen here, and whose requests
     * have come from another process, have so long to show up.
     */
    @Override
    public void askAgain() {
        requests.askNow();
        if (requests.state().isAccepted()) {
            confirmation.begin();
        }
    }

    @Override
    public void streamDown() {
        requests.end();
        pool.unconfirm();
        cancelTimers();
    }

    @Override
    public void stop() {
        boolean ready = isReady();
        requests.end();
        cancelTimers();
        if (ready) {
            sender.send("unavailable", target);
        }
    }

    @Override
    public void receive(TargetPresence presence) {
        if (!isReady()) {
            // We have said that we are unavailable; an answer would contradict it.
            return;
        }
        Jid from = presence.from();
        switch (presence.type()) {
            case "" -> {
                if (from.isFull()) {
                    members.available(presence);
                    answered();
                    members.wakeWaiting();
                }
            }
            case "unavailable" -> {
                if (from.isFull()) {
                    members.unavailable(from);
                } else if (requests.state().isAccepted()) {
                    if (hearsAll) {
                        members.allLeave(true);
                    }
                    answered();
                }
            }
            case "subscribed" -> accepted();
            case "unsubscribed" -> denied();
            case "error" -> {
                if (from.isFull()) {
                    members.failed(from);
                } else {
                    accountFailed();
                }
            }
            case "subscribe" -> {
                sender.send("subscribed", target);
                sender.send("", target);
            }
            case "probe" -> sender.send("", from);
            case "unsubscribe" -> sender.send("unavailable", target);
            default ->
                LOG.debug(
                        "ignored a presence of type {} from {}",
                        LogText.of(presence.type()),
                        LogText.of(from.toString()));
        }
    }

    @Override
    public void wakeWaiting() {
        members.wakeWaiting();
    }

    /** Found out by a probe, if the target lets us see who is there. */
    @Override
    public void suspect(PooledResource resource) {
        if (requests.state().isAccepted()) {
            silent.suspect(resource);
        }
    }

    @Override
    public String whyNobody() {
        return switch (requests.state()) {
            case DOWN -> "the server cannot be asked";
            case ASKING ->
                target + " has not said yet whether " + domain + " may see its presence. If that lasts, "
                        + SubscriptionLog.remedy(target, domain);
            case ACCEPTED, RENEWING -> members.whyNobody("is available");
            case DENIED ->
                accountFailed
                        ? "the server of " + target
                                + " answers with an error; is the account right, and its server reachable?"
                        : target + " does not let " + domain + " see its presence; "
                                + SubscriptionLog.remedy(target, domain);
        };
    }

    private boolean isReady() {
        return requests.state() != SubscriptionState.DOWN;
    }

    private void accepted() {
        boolean renewal = requests.state() == SubscriptionState.RENEWING;
        if (!requests.accepted()) {
            return;
        }
        if (!renewal) {
            log.accepted();
        }
        probe();
        if (renewal && hearsAll) {
            silent.sweep();
        }
        requests.renewLater();
    }

    private void denied() {
        accountFailed = false;
        nobodySeen();
        Duration delay = requests.denied();
        if (delay != null) {
            log.denied(delay.toSeconds());
        }
    }

    private void accountFailed() {
        accountFailed = true;
        nobodySeen();
        if (requests.failed() != null) {
            log.accountFailed();
        }
    }

    /** The subscription has ended, so nobody will answer, and whoever was there is out. */
    private void nobodySeen() {
        retries.clear();
        silent.clear();
        members.allLeave(false);
    }

    /** Never while the subscription is pending: Prosody would forget it. */
    private void probe() {
        if (requests.state().isAccepted()) {
            sendProbe();
            retries.sent();
        }
    }

    private void sendProbe() {
        sender.send("probe", target);
    }

    /** Somebody has answered the probe, or the account's server has. */
    private void answered() {
        retries.answered();
        if (requests.state().isAccepted()) {
            members.confirm();
        }
    }

    private void cancelTimers() {
        confirmation.cancel();
        retries.clear();
        silent.clear();
        members.endDoubts();
    }
}
