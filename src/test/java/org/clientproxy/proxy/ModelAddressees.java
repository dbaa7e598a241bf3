package org.clientproxy.proxy;

import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.ReverseKeys;
import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;

/** Whom a session of the target means by an address of ours, for the reference model. */
final class ModelAddressees {
    /** How long a requester is known by a token that holds a digest only, after the last word and the time for an answer. */
    private static final long KNOWN = Duration.ofMinutes(30).toNanos();

    /**
     * Somebody who is meant.
     *
     * @param to whoever that is
     * @param from the address of ours from which that one gets it
     * @param refusal the application condition with which a message to that one is refused; null: it is not
     */
    record Meant(Jid to, Jid from, @Nullable String refusal) {}

    private final LongSupplier clock;
    private final ModelWire wire;
    private final List<Jid> reach;
    private final Jid domain;
    private final long known;
    private final Map<String, Long> wroteUnder = new HashMap<>();

    ModelAddressees(ProxySettings settings, LongSupplier clock, ModelWire wire) {
        this.clock = clock;
        this.wire = wire;
        this.reach = settings.get(ReverseKeys.REACH);
        this.domain = settings.domain();
        this.known = KNOWN + settings.replyTimeout().toNanos();
    }

    /** Something passes under this token. */
    void wrote(String token) {
        wroteUnder.put(token, clock.getAsLong());
    }

    /** Whether it is known for whom the token stands. */
    boolean isKnown(String token) {
        return !mustHaveWritten(token)
                || clock.getAsLong() - wroteUnder.getOrDefault(token, clock.getAsLong() - known) < known;
    }

    /** Whether it does not say by itself for whom it stands, and that this one has written: it is a digest, or the address. */
    boolean mustHaveWritten(String token) {
        return wire.isPlain(token) || Base64.getUrlDecoder().decode(token)[0] == 2;
    }

    /** Whom a message to this address means; null: the proxy host, and nobody else. */
    @Nullable
    Meant meant(Jid address) {
        String local = address.local();
        if (local != null) {
            return local.contains("\\40") ? named(address, local) : null;
        }
        String resource = address.resource();
        List<String> owner = resource == null ? null : wire.owner(resource);
        if (owner != null) {
            return new Meant(
                    Jid.parse(owner.get(0)), Jid.parse(owner.get(1)), isKnown(resource) ? null : "unknown-token");
        }
        boolean isNobody = resource != null && (PlayCast.FOREIGN_TOKEN.equals(resource) || wire.isPlain(resource));
        return isNobody ? new Meant(address, address, "unknown-token") : null;
    }

    private Meant named(Jid address, String local) {
        Jid named = Jid.read(local.replace("\\40", "@")).orElse(null);
        if (reach.isEmpty()) {
            return new Meant(address, domain, "not-reachable");
        } else if (named == null) {
            return new Meant(address, domain, "bad-name");
        }
        Jid meant = address.resource() == null ? named : named.withResource(address.resource());
        return new Meant(meant, domain, reach.contains(named) ? null : "not-reachable");
    }
}
