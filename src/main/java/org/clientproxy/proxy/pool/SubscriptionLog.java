package org.clientproxy.proxy.pool;

import java.util.List;
import java.util.stream.Collectors;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.LogLimit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lines of the log about the subscription and about who is missing: one line a minute for each cause at most, however often
 * the target changes its mind. Used on the loop only.
 */
final class SubscriptionLog {
    private static final Logger LOG = LoggerFactory.getLogger(TargetSubscription.class);

    /** So many resources are named in one line. */
    private static final int NAMED = 5;

    private final Jid domain;
    private final Jid target;
    private final StreamLoop loop;
    private final LogLimit limit;
    private boolean empty;
    private StreamLoop.@Nullable Timeout emptyLater;

    SubscriptionLog(ProxySettings settings, StreamLoop loop) {
        this.domain = settings.domain();
        this.target = settings.target();
        this.loop = loop;
        this.limit = new LogLimit(loop::nanoTime);
    }

    void accepted() {
        String end = end("accepted");
        if (end != null) {
            LOG.info("{} lets {} see who is there{}", target, domain, end);
        }
    }

    void denied(long seconds) {
        String end = end("denied");
        if (end != null) {
            LOG.warn(
                    "{} does not let {} see its presence; {}; it is asked again in {} s{}",
                    target,
                    domain,
                    remedy(target, domain),
                    seconds,
                    end);
        }
    }

    /** How the target comes to let the proxy host see its presence. */
    static String remedy(Jid target, Jid domain) {
        return "let its server say so, by one command (docs/servers.md, The target: for ejabberd it is: ejabberdctl"
                + " add_rosteritem " + target.local() + " " + target.domain() + " \"\" " + domain
                + " \"Client Proxy\" \"\" from), or log in to it with any client and accept the contact request (or take it"
                + " off the list of blocked contacts)";
    }

    /** A session answered our presence with an error. */
    void failed(PooledResource resource) {
        String end = end("failed");
        if (end != null) {
            LOG.info("{} answered our presence with an error, so it is taken for gone{}", resource, end);
        }
    }

    /** The account's server answered with an error. */
    void accountFailed() {
        String end = end("account failed");
        if (end != null) {
            LOG.warn(
                    "the server of {} answers with an error; is the account right, and its server reachable?{}",
                    target,
                    end);
        }
    }

    /** These have not answered a probe. */
    void silent(List<PooledResource> resources, String there) {
        String end = end("silent");
        if (end != null) {
            String names = resources.stream().limit(NAMED).map(Object::toString).collect(Collectors.joining(", "));
            LOG.info(
                    "{}{} did not answer a probe and count as gone (a session must broadcast its presence, not send it to"
                            + " {} alone); {} there now{}",
                    names,
                    resources.size() > NAMED ? " and " + (resources.size() - NAMED) + " more" : "",
                    domain,
                    there,
                    end);
        }
    }

    /** Nobody is there. Where that may not be said yet, it is said later, unless somebody has come. */
    void empty() {
        if (empty) {
            return;
        }
        String end = end("empty");
        if (end != null) {
            empty = true;
            LOG.warn("no session of {} is there; requests to {} are refused until one comes{}", target, domain, end);
        } else if (emptyLater == null) {
            emptyLater = loop.schedule(
                    () -> {
                        emptyLater = null;
                        empty();
                    },
                    limit.pause("empty"));
        }
    }

    /** Somebody is there. */
    void notEmpty() {
        empty = false;
        clear();
    }

    /** The stream is down, which another line says. */
    void clear() {
        if (emptyLater != null) {
            emptyLater.cancel();
            emptyLater = null;
        }
    }

    /** What to end a line of this cause with, which may be nothing; null: there was one in the last minute. */
    private @Nullable String end(String cause) {
        int unsaid = limit.admit(cause);
        return unsaid < 0 ? null : unsaid == 0 ? "" : " (" + unsaid + " more such events since the last such line)";
    }
}
