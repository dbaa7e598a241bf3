package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.servers.FreePort;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code proxy.features=require} through a server, with implementing clients of two versions. */
abstract class FeatureScenarios extends OwnServerScenarios {
    private static final Duration LIMIT = Duration.ofSeconds(40);

    private final int port = FreePort.next();
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeEach
    void start() throws Exception {
        open(RunningProxy.startReady(
                server,
                Map.of("proxy.features", "require", "proxy.confirm-timeout", "2s", "proxy.drain-timeout", "1s"),
                Map.of("camel.management.enabled", "true", "camel.management.port", "" + port)));
        ProxyScenarios.accept(server);
    }

    private AnnouncingWorker worker(String resource, String ver, String... features) throws Exception {
        AnnouncingWorker worker = AnnouncingWorker.join(server, resource, ver, features);
        open(worker);
        return worker;
    }

    private RawClient requester() throws Exception {
        RawClient alice = RawClient.login(server, "alice", "pw", "home");
        open(alice);
        return alice;
    }

    /** What the status page says of each resource: how it is known what it announces, and how many features those are. */
    private Map<String, String> announced() throws Exception {
        URI page = URI.create("http://127.0.0.1:" + port + "/observe/client-proxy/status");
        String status = http.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString())
                .body();
        JsonArray proxies = (JsonArray) ((JsonObject) Jsoner.deserialize(status)).get("proxies");
        Map<String, String> announced = new HashMap<>();
        for (Object each : (JsonArray) ((JsonObject) proxies.get(0)).get("resources")) {
            JsonObject resource = (JsonObject) each;
            JsonObject features = (JsonObject) resource.get("features");
            announced.put(resource.getString("resource"), features.get("known") + " " + features.get("count"));
        }
        return announced;
    }

    private void awaitAnnounced(Map<String, String> expected) {
        Awaitility.await("what is announced").atMost(LIMIT).untilAsserted(() -> assertThat(announced())
                .containsAllEntriesOf(expected));
    }

    /** Who answered a request of this namespace; otherwise the application condition of the error. */
    private static String ask(RawClient requester, String id, String namespace) throws Exception {
        requester.send("<iq type='get' id='" + id + "' to='proxy.localhost'><q xmlns='" + namespace + "'/></iq>");
        Stanza answer = requester.await("the answer to " + id, s -> s.isReply() && id.equals(s.id()));
        return AnnouncingWorker.nameIn(answer);
    }

    /** The hash is right, belongs to others, is of a function that nobody has, or is not there. */
    @Test
    void eachWayToAnnounceIsUnderstood() throws Exception {
        String ver = AnnouncingWorker.ver("urn:example:work", "urn:example:new");
        // Of what a hash stands for nobody is asked once that is known, so the liar comes first.
        worker("false", AnnouncingWorker.caps("sha-1", ver), "urn:example:work");
        awaitAnnounced(Map.of("false", "of this session only 1"));
        worker("equal", AnnouncingWorker.caps("sha-1", ver), "urn:example:work", "urn:example:new");
        worker("unknown", AnnouncingWorker.caps("md6", ver), "urn:example:work", "urn:example:other");
        AnnouncingWorker changing = worker("missing", "", "urn:example:work");
        awaitAnnounced(Map.of(
                "equal", "verified 2",
                "false", "of this session only 1",
                "unknown", "of this session only 2",
                "missing", "of this session only 1"));
        RawClient alice = requester();
        for (int i = 0; i < 10; i++) {
            assertThat(ask(alice, "n" + i, "urn:example:new")).isEqualTo("equal");
            assertThat(ask(alice, "o" + i, "urn:example:other")).isEqualTo("unknown");
            assertThat(ask(alice, "u" + i, "urn:example:unheard")).isEqualTo("no-capable-resource");
        }
        changing.announce(
                AnnouncingWorker.caps("sha-1", AnnouncingWorker.ver("urn:example:changed")), "urn:example:changed");
        awaitAnnounced(Map.of("missing", "verified 1"));
        assertThat(ask(alice, "c", "urn:example:changed")).isEqualTo("missing");
        assertThat(ask(alice, "w", "urn:example:work")).isNotEqualTo("missing");
    }

    /** One version after the other goes, and the next one comes, while requests of both kinds are sent. */
    @Test
    void aRollingUpdateSendsWhatIsNewToTheNewVersionOnly() throws Exception {
        String old = AnnouncingWorker.caps("sha-1", AnnouncingWorker.ver("urn:example:work"));
        String next = AnnouncingWorker.caps("sha-1", AnnouncingWorker.ver("urn:example:work", "urn:example:new"));
        AnnouncingWorker first = worker("old-1", old, "urn:example:work");
        AnnouncingWorker second = worker("old-2", old, "urn:example:work");
        awaitAnnounced(Map.of("old-1", "verified 1", "old-2", "verified 1"));
        RawClient alice = requester();
        assertThat(ask(alice, "before", "urn:example:new")).isEqualTo("no-capable-resource");
        worker("new-1", next, "urn:example:work", "urn:example:new");
        worker("new-2", next, "urn:example:work", "urn:example:new");
        awaitAnnounced(Map.of("new-1", "verified 2", "new-2", "verified 2"));
        for (int i = 0; i < 20; i++) {
            assertThat(ask(alice, "n" + i, "urn:example:new")).isIn("new-1", "new-2");
            assertThat(ask(alice, "w" + i, "urn:example:work")).isIn("old-1", "old-2", "new-1", "new-2");
        }
        first.close();
        second.close();
        Awaitility.await("the old ones are gone")
                .atMost(LIMIT)
                .until(() -> announced().size() == 2);
        for (int i = 0; i < 20; i++) {
            assertThat(ask(alice, "m" + i, "urn:example:work")).isIn("new-1", "new-2");
        }
    }
}
