package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users see of the service, and resources of users, while one or the other goes and comes: each with a server of its own. */
abstract class PresenceScenarios extends OwnServerScenarios {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String ROOM = "room@proxy.localhost/nick";

    @TempDir
    Path data;

    /** A session that is told what becomes of its roster, and gets presence. */
    private RawClient user(String resource) throws Exception {
        RawClient user = client("carol", resource);
        user.send("<iq type='get' id='roster'><query xmlns='jabber:iq:roster'/></iq>");
        user.await("the roster", stanza -> "roster".equals(stanza.id()));
        user.send("<presence/>");
        return user;
    }

    private static void awaitShown(RawClient user, String type) throws Exception {
        awaitPresence(user, "proxy.localhost", type);
    }

    private static Stanza awaitPresence(RawClient session, String from, String type) throws Exception {
        Stanza seen = session.poll(
                stanza -> stanza.kind() == Stanza.Kind.PRESENCE
                        && (from.isEmpty() ? stanza.from().startsWith("proxy.localhost/") : from.equals(stanza.from()))
                        && (type.isEmpty() ? stanza.type() == null : type.equals(stanza.type())),
                LIMIT);
        assertThat(seen)
                .as("'%s' from '%s', but %s", type, from, session.unseen())
                .isNotNull();
        return seen;
    }

    @Test
    void usersSeeTheServiceAgainHoweverTheProxyEndedAndWhoeverCameMeanwhile() throws Exception {
        Map<String, String> keys = Map.of(
                "proxy.presence",
                "service",
                "proxy.data-dir",
                "" + data,
                "proxy.drain-timeout",
                "3s",
                "proxy.confirm-timeout",
                "1s");
        RunningProxy first = open(RunningProxy.startReady(server, keys));
        ProxyScenarios.accept(server);
        open(Worker.join(server, "a"));
        RawClient carol = user("home");
        carol.send("<presence type='subscribe' to='proxy.localhost'/>");
        awaitShown(carol, "subscribed");
        awaitShown(carol, "");
        first.close();
        awaitShown(carol, "unavailable");
        ProxyProcess killed = open(new ProxyProcess(
                server,
                server.componentPort(),
                "128m",
                Map.of("PROXY_PRESENCE", "service", "PROXY_DATA_DIR", "" + data)));
        killed.start();
        awaitShown(carol, "");
        killed.kill();
        // No server says that a component is gone, so the one is still green; the other hears nothing good.
        RawClient meanwhile = user("meanwhile");
        try (RunningProxy next = RunningProxy.startReady(server, keys)) {
            awaitShown(carol, "");
            awaitShown(meanwhile, "");
        }
        awaitShown(carol, "unavailable");
        Path file = data.resolve("proxy.subscribers");
        assertThat(Files.readAllLines(file)).hasSize(1);
        Files.delete(file);
        open(RunningProxy.startReady(server, keys));
        // The server asks for the one who logs in, so that the list heals.
        RawClient later = user("later");
        awaitShown(later, "");
        Awaitility.await().atMost(LIMIT).until(() -> Files.readAllLines(file).size() == 1);
        assertThat(Files.readString(file)).startsWith("+carol@localhost ");
    }

    /** A session of the target that takes presence, and an end of the requester that the resource hears of. */
    private String join(RawClient requester, RawClient worker) throws Exception {
        requester.send("<presence to='" + ROOM + "'/>");
        Stanza joined = awaitPresence(worker, "", "");
        worker.send("<presence to='" + joined.from() + "'/>");
        awaitPresence(requester, ROOM, "");
        return joined.from();
    }

    private RawClient registered(String resource, String presence) throws Exception {
        RawClient worker = client("worker", resource);
        worker.send(presence);
        RawClient alice = client("bob", "asks-" + resource);
        Awaitility.await("the proxy knows " + resource).atMost(LIMIT).until(() -> {
            alice.send("<iq type='get' id='known' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
            return worker.poll(Stanza::isRequest, Duration.ofMillis(300)) != null;
        });
        return worker;
    }

    @Test
    void eachEndOfARequesterReachesTheResourceAndEachEndOfTheResourceTheRequester() throws Exception {
        Map<String, String> keys = Map.of(
                "proxy.presence",
                "relay",
                "proxy.reply-timeout",
                "2s",
                "proxy.confirm-timeout",
                "1s",
                "proxy.drain-timeout",
                "3s",
                "proxy.data-dir",
                "" + data);
        RunningProxy proxy = RunningProxy.startReady(server, keys);
        ProxyScenarios.accept(server);
        RawClient worker = registered("a", "<presence><priority>-1</priority></presence>");
        for (String end : List.of("directed", "broadcast", "logout", "reset")) {
            RawClient alice = client("alice", end);
            String token = join(alice, worker);
            switch (end) {
                case "directed" -> alice.send("<presence type='unavailable' to='" + ROOM + "'/>");
                case "broadcast" -> alice.send("<presence type='unavailable'/>");
                case "logout" -> alice.close();
                default -> alice.cut();
            }
            awaitPresence(worker, token, "unavailable");
        }
        RawClient alice = client("alice", "home");
        String token = join(alice, worker);
        // A server passes on what is directed, and not what is broadcast.
        alice.send("<presence><show>away</show></presence><presence to='" + ROOM + "'><show>xa</show></presence>");
        assertThat(awaitPresence(worker, token, "").toXml()).contains("<show>xa</show>");
        worker.cut();
        awaitPresence(alice, ROOM, "unavailable");
        RawClient next = registered("b", "<presence><priority>-1</priority></presence>");
        assertThat(join(alice, next)).isEqualTo(token);
        RawClient gone = client("alice", "gone");
        String lost = join(gone, next);
        proxy.close();
        awaitPresence(alice, ROOM, "unavailable");
        awaitPresence(next, "proxy.localhost", "unavailable");
        gone.cut();
        open(RunningProxy.startReady(server, keys));
        // By this the resource knows that what it has heard is void, for of that end nobody tells it.
        awaitPresence(next, "proxy.localhost", "");
        RawClient asks = client("bob", "again");
        Awaitility.await("the proxy knows the resource again").atMost(LIMIT).until(() -> {
            asks.send("<iq type='get' id='known' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
            return next.poll(Stanza::isRequest, Duration.ofMillis(300)) != null;
        });
        // Nothing is known of it any more; that it leaves is told all the same.
        alice.cut();
        awaitPresence(next, token, "unavailable");
        assertThat(next.unseen()).noneMatch(stanza -> lost.equals(stanza.from()));
    }

    @Test
    void withoutASubscriptionTheEndOfAResourceReachesTheRequesterToo() throws Exception {
        open(RunningProxy.startReady(
                server,
                Map.of(
                        "proxy.presence",
                        "relay",
                        "proxy.subscribe",
                        "off",
                        "proxy.drain-timeout",
                        "100ms",
                        "proxy.confirm-timeout",
                        "1s",
                        "proxy.data-dir",
                        "" + data)));
        RawClient worker = registered("a", "<presence to='proxy.localhost'/>");
        RawClient alice = client("alice", "home");
        join(alice, worker);
        worker.cut();
        awaitPresence(alice, ROOM, "unavailable");
        // The server has told it of the same end, as the resource's presence went to it. Nobody hears it twice.
        alice.send("<iq type='get' id='after' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
        alice.await("the answer", stanza -> "after".equals(stanza.id()));
        assertThat(alice.unseen()).noneMatch(stanza -> stanza.kind() == Stanza.Kind.PRESENCE);
    }
}
