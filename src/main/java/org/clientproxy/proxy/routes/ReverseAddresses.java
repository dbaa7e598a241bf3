package org.clientproxy.proxy.routes;

import java.util.List;
import java.util.function.Predicate;
import org.clientproxy.proxy.jat.EscapedName;
import org.clientproxy.proxy.jat.JatCodec;
import org.clientproxy.proxy.jat.LateRequesters;
import org.clientproxy.proxy.pending.ProxyErrors;
import org.clientproxy.proxy.pool.ResourcePatterns;
import org.clientproxy.proxy.settings.Addresses;
import org.clientproxy.proxy.settings.Adjustable;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.jspecify.annotations.Nullable;

/**
 * Whom a session of the target means by an address of ours: a requester by its encoded-from, or somebody by name. Used on the
 * loop only.
 */
public final class ReverseAddresses implements Adjustable {
    /**
     * Whom it means.
     *
     * @param asked to whom a request goes
     * @param from the address of ours from which it goes there
     * @param refusal why it goes there not; null: it does
     */
    record Meant(Jid asked, Jid from, @Nullable StanzaError refusal) {
        Meant refused(StanzaError why) {
            return new Meant(asked, from, why);
        }
    }

    private final Jid domain;
    private final Jid target;
    private final JatCodec jat;
    private final LateRequesters late;
    private final StreamLoop loop;
    private boolean on;
    private Predicate<Jid> subscribers = account -> false;
    private boolean reachesNobody;
    private boolean reachesSubscribers;
    private AccessRules reachable;
    private ResourcePatterns resources;

    public ReverseAddresses(ProxySettings settings, JatCodec jat, LateRequesters late, StreamLoop loop) {
        this.domain = settings.domain();
        this.target = settings.target();
        this.jat = jat;
        this.late = late;
        this.loop = loop;
        adjust(settings);
    }

    @Override
    public void adjust(ProxySettings now) {
        on = now.reverse();
        reachesNobody = now.reach().isEmpty();
        reachesSubscribers = now.reach().contains(Addresses.SUBSCRIBERS);
        reachable = new AccessRules(now.reach(), List.of());
        resources = new ResourcePatterns(now.resources());
    }

    /** Says who has the proxy host in its roster; nobody, unless told. */
    public void subscribers(Predicate<Jid> known) {
        subscribers = known;
    }

    /** Whom a request means; null where it means the proxy host and nobody else. */
    @Nullable
    Meant meant(Jid session, Jid to) {
        Meant meant = who(to, on);
        if (meant == null || ProxyErrors.UNKNOWN_TOKEN.equals(meant.refusal()) || !on) {
            return meant;
        }
        return session.isFull() ? ofResource(session, meant) : meant.refused(ProxyErrors.NO_REVERSE);
    }

    /**
     * Whom a message means, whether requests may be sent or not; null where it means the proxy host and nobody else. Of the
     * account itself only errors are passed on, which its server sends.
     */
    @Nullable
    Meant meantByMessage(Stanza message) {
        Jid session = message.fromJid();
        Meant meant = who(message.toJid());
        if (meant == null || ProxyErrors.UNKNOWN_TOKEN.equals(meant.refusal())) {
            return meant;
        }
        if (!session.isFull()) {
            return PassedMessage.isError(message) ? meant : meant.refused(ProxyErrors.NOT_A_RESOURCE);
        }
        return ofResource(session, meant);
    }

    /** Whom an address of ours stands for; null where it stands for the proxy host. */
    @Nullable
    Meant who(Jid to) {
        return who(to, true);
    }

    private Meant ofResource(Jid session, Meant meant) {
        return resources.isEmpty() || resources.match(session) ? meant : meant.refused(ProxyErrors.NOT_A_RESOURCE);
    }

    /** The requester for whom an encoded-from stands, as an implementing client may write to it; null: it means none. */
    @Nullable
    Meant requester(Jid session, Jid to) {
        String resource = to.resource();
        boolean mayWrite = session.isFull() && (resources.isEmpty() || resources.match(session));
        if (!mayWrite || resource == null || to.local() != null) {
            return null;
        }
        JatCodec.Decoded who = jat.decode(resource).orElseGet(() -> late.find(resource, loop.nanoTime()));
        return who == null ? null : new Meant(Jid.parse(who.requester()), Jid.parse(who.addressUsed()), null);
    }

    /** @param all whether somebody may be reached who is known by nothing but what he wrote, or by name */
    private @Nullable Meant who(Jid to, boolean all) {
        String local = to.local();
        String resource = to.resource();
        if (local != null) {
            return EscapedName.isOne(local) ? named(local, to, all) : null;
        }
        return resource != null ? byEncodedFrom(resource, to, all) : null;
    }

    private @Nullable Meant byEncodedFrom(String resource, Jid to, boolean all) {
        JatCodec.Decoded who = jat.decode(resource).orElse(null);
        if (who == null && all) {
            who = late.find(resource, loop.nanoTime());
        }
        if (who != null) {
            return new Meant(
                    Jid.parse(who.requester()), Jid.parse(who.addressUsed()), all ? null : ProxyErrors.NO_REVERSE);
        }
        return JatCodec.looksLikeToken(resource) || jat.mayStandForSomebody(resource)
                ? new Meant(to, to, ProxyErrors.UNKNOWN_TOKEN)
                : null;
    }

    private Meant named(String local, Jid to, boolean all) {
        if (!all || reachesNobody) {
            return new Meant(to, domain, ProxyErrors.NOT_REACHABLE);
        }
        Jid bare = EscapedName.read(local).orElse(null);
        if (bare == null || bare.sameDomain(domain) || to.resource() == null && bare.equals(target)) {
            return new Meant(to, domain, ProxyErrors.BAD_NAME);
        }
        Jid asked = to.resource() == null ? bare : bare.withResource(to.resource());
        boolean reached = reachable.allows(asked) || reachesSubscribers && subscribers.test(asked);
        return new Meant(asked, domain, reached ? null : ProxyErrors.NAME_NOT_REACHABLE);
    }
}
