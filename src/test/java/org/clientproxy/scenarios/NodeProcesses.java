package org.clientproxy.scenarios;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.util.json.DeserializationException;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.TerminalFailureException;
import org.clientproxy.loopback.XmppServer;
import org.clientproxy.servers.FreePort;

/** The nodes of one cluster, numbered from 1, each a process of its own; what they say of themselves is read as an operator reads it. */
final class NodeProcesses implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
    private static final String KEY = "A".repeat(43);

    private final List<ProxyProcess> nodes = new ArrayList<>();
    private final List<String> management = new ArrayList<>();
    private boolean severalStreams;
    private final HttpClient http = HttpClient.newHttpClient();

    /**
     * Where a node runs.
     *
     * @param prefix a command that becomes its process
     * @param among its address among the nodes
     * @param management its address for its management server
     */
    record Place(List<String> prefix, String among, String management) {
        static final Place HERE = new Place(List.of(), "127.0.0.1", "127.0.0.1");
    }

    /** @param more environment variables of the node of this number, which win */
    NodeProcesses(XmppServer server, int count, IntFunction<Map<String, String>> more) throws IOException {
        this(server, count, more, number -> Place.HERE);
    }

    /** The same at places of their own. */
    NodeProcesses(XmppServer server, int count, IntFunction<Map<String, String>> more, IntFunction<Place> where)
            throws IOException {
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            addresses.add(where.apply(i + 1).among() + ":" + FreePort.next());
            management.add(where.apply(i + 1).management() + ":" + FreePort.next());
        }
        for (int i = 0; i < count; i++) {
            Map<String, String> environment = new HashMap<>(Map.of(
                    "PROXY_PENDING",
                    "cluster",
                    "PROXY_JAT_KEY",
                    KEY,
                    "PROXY_CLUSTER_NODE",
                    "" + (i + 1),
                    "PROXY_CLUSTER_BIND",
                    addresses.get(i),
                    "PROXY_CLUSTER_NODES",
                    String.join(",", addresses),
                    "PROXY_CLUSTER_SECRET",
                    "for-all-of-a-test"));
            environment.putAll(more.apply(i + 1));
            severalStreams |= "all".equals(environment.get("PROXY_CLUSTER_STREAMS"));
            ProxyProcess node = new ProxyProcess(
                    server,
                    server.componentPort(),
                    "128m",
                    environment,
                    where.apply(i + 1).prefix());
            node.file(List.of(
                    "camel.management.enabled=true",
                    "camel.management.host=" + where.apply(i + 1).management(),
                    "camel.management.port=" + management.get(i).replaceFirst(".*:", "")));
            nodes.add(node);
        }
    }

    int count() {
        return nodes.size();
    }

    ProxyProcess node(int number) {
        return nodes.get(number - 1);
    }

    /** The first one before the others, so that they find it; returns when all see each other. */
    void startAll() throws IOException {
        node(1).start();
        await("node 1 is there", () -> says(1) != null);
        bringBack();
    }

    /** Starts those that do not run; returns when all see each other. */
    void bringBack() throws IOException {
        for (ProxyProcess node : nodes) {
            if (!node.isAlive()) {
                node.start();
            }
        }
        awaitWhole(count());
    }

    /** So many nodes see each other, and each request has its copy. */
    void awaitWhole(int there) {
        await(
                there + " nodes see each other",
                () -> IntStream.rangeClosed(1, count())
                                .filter(number -> isWhole(number, there))
                                .count()
                        == there);
    }

    private boolean isWhole(int number, int there) {
        JsonObject says = says(number);
        return says != null && says.getBoolean("redundant") && ((JsonArray) says.get("members")).size() == there;
    }

    /** Exactly one node has the stream, and it is ready. */
    int awaitStream() {
        await("one node has the stream", () -> withStream() > 0);
        return withStream();
    }

    /** Returns which node has the one stream, when it is ready; 0 where each has one. */
    int awaitStreams() {
        if (!severalStreams) {
            return awaitStream();
        }
        await("each node has a stream", () -> IntStream.rangeClosed(1, count()).allMatch(this::isStreamReady));
        return 0;
    }

    /** The same, and all nodes say so of it. */
    int awaitAgreedStream() {
        await("all know who has the one stream", () -> {
            int holder = withStream();
            return holder > 0
                    && IntStream.rangeClosed(1, count())
                            .mapToObj(this::says)
                            .allMatch(says -> says != null
                                    && ("[" + holder + "]")
                                            .equals(says.get("streams").toString()));
        });
        return withStream();
    }

    /** It sees no majority, and does nothing. */
    void awaitIdle(int number) {
        await("node " + number + " does not act", () -> {
            JsonObject says = says(number);
            return says != null && !says.getBoolean("acting");
        });
    }

    /** Another node than this one has the stream. */
    void awaitStreamElsewhere(int gone) {
        await("another node than " + gone + " has the stream", () -> {
            int now = withStream();
            return now != 0 && now != gone;
        });
    }

    /** It becomes so; else the failure tells what the nodes say then. */
    void await(String words, BooleanSupplier condition) {
        try {
            Awaitility.await(words)
                    .atMost(LIMIT)
                    .failFast("a node has ended", () -> nodes.stream().anyMatch(ProxyProcess::hasFailed))
                    .until(condition::getAsBoolean);
        } catch (ConditionTimeoutException | TerminalFailureException e) {
            throw new AssertionError(words + ", and they say: " + this, e);
        }
    }

    /** The number of the node whose stream is ready; 0 where there is none, or more than one. */
    int withStream() {
        int found = 0;
        for (int number = 1; number <= count(); number++) {
            if (isStreamReady(number)) {
                if (found != 0) {
                    return 0;
                }
                found = number;
            }
        }
        return found;
    }

    boolean isStreamReady(int number) {
        JsonObject status = status(number);
        return status != null && isReady(status);
    }

    private static boolean isReady(JsonObject status) {
        return "ready".equals(((JsonObject) status.get("stream")).getString("state"));
    }

    /** Each node that has a stream knows that these resources are available. */
    void awaitKnown(Set<String> resources) {
        awaitStreams();
        await(resources + " are known", () -> IntStream.rangeClosed(1, count())
                .mapToObj(this::status)
                .filter(status -> status != null && isReady(status))
                .allMatch(status -> available(status).containsAll(resources)));
    }

    private static Set<String> available(JsonObject status) {
        return ((JsonArray) status.get("resources"))
                .stream()
                        .map(JsonObject.class::cast)
                        .filter(resource -> resource.getBoolean("available"))
                        .map(resource -> resource.getString("resource"))
                        .collect(Collectors.toSet());
    }

    /** What the node says of the cluster; null where it says nothing. */
    JsonObject says(int number) {
        JsonObject status = status(number);
        return status == null ? null : (JsonObject) status.get("cluster");
    }

    private JsonObject status(int number) {
        String body = get(number, "/observe/client-proxy/status");
        try {
            JsonObject proxy = body == null
                    ? null
                    : (JsonObject) ((JsonArray) ((JsonObject) Jsoner.deserialize(body)).get("proxies")).get(0);
            return proxy == null || proxy.containsKey("failure") ? null : proxy;
        } catch (DeserializationException e) {
            throw new AssertionError(body, e);
        }
    }

    /** What the node's management server answers; null where it does not. */
    String get(int number, String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + management.get(number - 1) + path))
                .timeout(ANSWER_LIMIT)
                .build();
        try {
            HttpResponse<String> answer =
                    node(number).mayAnswer() ? http.send(request, HttpResponse.BodyHandlers.ofString()) : null;
            // A page is not there at once.
            return answer == null || answer.statusCode() == 404 ? null : answer.body();
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private String lastWords(int number) {
        JsonObject status = status(number);
        String stacks =
                status == null && node(number).mayAnswer() ? node(number).stacks() : "";
        return "node " + number + ": " + status + node(number).lastWords() + stacks;
    }

    @Override
    public String toString() {
        return IntStream.rangeClosed(1, count()).mapToObj(this::lastWords).collect(Collectors.joining("; "));
    }

    @Override
    public void close() throws InterruptedException {
        for (ProxyProcess node : nodes) {
            node.close();
        }
    }
}
