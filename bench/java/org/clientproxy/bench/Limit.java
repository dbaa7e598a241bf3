package org.clientproxy.bench;

import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.clientproxy.stream.ComponentConnection;
import org.clientproxy.stream.StanzaNotSentException;
import org.clientproxy.stream.StreamSettings;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;

/**
 * The practical limit: the same job on our own stream and Netty alone, with a hash map and a wheel timer, and without Camel,
 * failover, limits, access rules or the tag that makes tokens safe. What a proxy of ours could be at best. Behind a real server the
 * environment names domain, target and secret, as for the proxy.
 */
final class Limit {
    private record Pending(Stanza request, Timeout timeout) {}

    private static final Jid DOMAIN = Jid.parse(environment("PROXY_DOMAIN", Load.DOMAIN));
    private static final String TARGET = environment("PROXY_TARGET", Load.TARGET);

    private final ComponentConnection stream;
    private final HashedWheelTimer timer = new HashedWheelTimer();
    private final List<Jid> resources = new ArrayList<>();
    private final Map<String, Pending> pending = new HashMap<>();
    private int turn;

    private Limit(int port) {
        stream = new ComponentConnection(
                StreamSettings.of("127.0.0.1", port, DOMAIN.toString(), environment("XMPP_SECRET", "secret")),
                new NioEventLoopGroup(1).next());
        stream.onStanza(this::receive);
        stream.addStreamListener((before, now, reason) -> {
            if (now == StreamState.READY) {
                send(Stanza.of(Stanza.Kind.PRESENCE, "subscribe", null, DOMAIN.toString(), TARGET, ""));
            }
        });
    }

    private static String environment(String name, String otherwise) {
        return System.getenv().getOrDefault(name, otherwise);
    }

    public static void main(String[] arguments) {
        new Limit(Integer.parseInt(arguments[0])).stream.start();
    }

    private void receive(Stanza stanza) {
        if (stanza.kind() == Stanza.Kind.PRESENCE) {
            if ("subscribed".equals(stanza.type())) {
                send(Stanza.of(Stanza.Kind.PRESENCE, "probe", null, DOMAIN.toString(), TARGET, ""));
            } else if (stanza.type() == null && !resources.contains(stanza.fromJid())) {
                resources.add(stanza.fromJid());
            }
        } else if (stanza.isRequest()) {
            if (resources.isEmpty()) {
                return; // A load behind a real server asks until somebody is there.
            }
            String token = Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(stanza.from().getBytes(StandardCharsets.UTF_8));
            Jid resource = resources.get(turn++ % resources.size());
            String key = resource + "\n" + token + "\n" + stanza.id();
            Timeout timeout =
                    timer.newTimeout(expired -> stream.loop().execute(() -> pending.remove(key)), 60, TimeUnit.SECONDS);
            pending.put(key, new Pending(stanza, timeout));
            send(stanza.readdressed(DOMAIN.withResource(token), resource, stanza.id()));
        } else {
            String token = stanza.toJid().resource();
            Pending found = pending.remove(stanza.from() + "\n" + token + "\n" + stanza.id());
            if (found != null) {
                found.timeout().cancel();
                send(stanza.readdressed(
                        found.request().toJid(),
                        found.request().fromJid(),
                        found.request().id()));
            }
        }
    }

    private void send(Stanza stanza) {
        try {
            stream.send(stanza);
        } catch (StanzaNotSentException e) {
            throw new IllegalStateException(e);
        }
    }
}
