package org.clientproxy.proxy.jat;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.clientproxy.proxy.settings.Adjustable;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;

/**
 * Those who wrote lately and whose encoded-from does not say by itself who they are and that they wrote: it is a digest, or the
 * plain address, which anybody can spell. Bounded: the one who has not written for longest is forgotten first. Used on the loop
 * only.
 */
public final class LateRequesters implements Adjustable {
    /** How long each is known after its last request, beyond the time in which that one is answered. */
    static final Duration KNOWN = Duration.ofMinutes(30);

    static final int MOST = 10_000;

    /** How long their addresses may be together, in characters. */
    static final long MOST_CHARACTERS = 4L << 20;

    private record Known(JatCodec.Decoded who, long until) {
        long characters() {
            return who.requester().length() + (long) who.addressUsed().length();
        }
    }

    private final JatCodec jat;
    private long nanos;
    // In the order of their last requests.
    private final Map<String, Known> known = new LinkedHashMap<>();
    private long characters;

    /** @param replyTimeout in which each request has ended */
    public LateRequesters(JatCodec jat, Duration replyTimeout) {
        this.jat = jat;
        this.nanos = KNOWN.plus(replyTimeout).toNanos();
    }

    @Override
    public void adjust(ProxySettings now) {
        nanos = KNOWN.plus(now.replyTimeout()).toNanos();
    }

    /** A request goes on under this encoded-from. */
    public void wrote(Jid encodedFrom, String requester, String addressUsed, long now) {
        if (!jat.isReadable(encodedFrom)) {
            String resource = String.valueOf(encodedFrom.resource());
            forget(resource);
            Known late = new Known(new JatCodec.Decoded(requester, addressUsed), now + nanos);
            known.put(resource, late);
            characters += late.characters();
            while (known.size() > MOST || characters > MOST_CHARACTERS) {
                forgetFirst();
            }
        }
    }

    /** Who wrote lately under this resourcepart; null where nobody did. */
    public JatCodec.@Nullable Decoded find(String resource, long now) {
        Known late = known.get(resource);
        return late == null || late.until() - now <= 0 ? null : late.who();
    }

    private void forget(String resource) {
        Known before = known.remove(resource);
        if (before != null) {
            characters -= before.characters();
        }
    }

    private void forgetFirst() {
        Iterator<Known> first = known.values().iterator();
        characters -= first.next().characters();
        first.remove();
    }
}
