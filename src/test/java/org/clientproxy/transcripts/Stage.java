package org.clientproxy.transcripts;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.loopback.XmppServer;
import org.clientproxy.scenarios.Forwarder;
import org.clientproxy.scenarios.RunningProxy;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;

/** Plays a transcript: the sessions of its actors at a server, beside which the proxy runs. */
final class Stage implements AutoCloseable {
    /** How long a step may take on a machine that is busy. */
    private static final Duration LIMIT = Duration.ofSeconds(15);

    private final XmppServer server;
    private final Forwarder network;
    private final RunningProxy proxy;
    private final PoolWatch watch;
    private final Map<String, String> actors;
    private final boolean passesMessages;
    private final Map<String, RawClient> sessions = new HashMap<>();
    private final Map<String, String> names = new HashMap<>();
    private int marks;

    /** @param network between the component and the server; null: the transcript does not break it */
    Stage(XmppServer server, Forwarder network, RunningProxy proxy, PoolWatch watch, Transcript transcript) {
        this.server = server;
        this.network = network;
        this.proxy = proxy;
        this.watch = watch;
        this.actors = transcript.actors();
        this.passesMessages = "on".equals(transcript.keys().get("proxy.messages"));
        actors.forEach((name, address) -> names.put(name, address));
    }

    /** @throws AssertionError where something else happens than the step says */
    void play(Transcript.Step step) throws Exception {
        switch (step.action()) {
            case "connects" -> connect(step.actor());
            case "leaves" -> sessions.remove(step.actor()).close();
            case "sends" -> session(step).send(StanzaPattern.filled(step.xml(), names));
            case "receives" -> receive(step);
            case "receives nothing" -> receiveNothing(step);
            case "knows" -> awaitPool(Integer.parseInt(step.xml()));
            case "breaks" -> breakOff(step.actor());
            case "route stops" -> watch.stopRoute(step.xml());
            case "route starts" -> watch.startRoute(step.xml());
            case "stops" -> proxy.close();
            case "operates" -> proxy.operate(step.xml());
            default -> throw new IllegalArgumentException("line " + step.line() + ": " + step.action());
        }
    }

    private RawClient session(Transcript.Step step) {
        RawClient session = sessions.get(step.actor());
        if (session == null) {
            throw new IllegalArgumentException("line " + step.line() + ": " + step.actor() + " has not connected");
        }
        return session;
    }

    private void connect(String actor) throws Exception {
        Jid address = Jid.parse(actors.get(actor));
        sessions.put(actor, RawClient.login(server, address.local(), "pw", address.resource()));
    }

    private void breakOff(String actor) throws IOException {
        if (actor.equals("stream")) {
            int before = proxy.connections();
            network.reset();
            Awaitility.await("the component is there again").atMost(LIMIT).until(() -> proxy.connections() > before);
            proxy.awaitReady();
        } else {
            sessions.remove(actor).cut();
        }
    }

    private void receive(Transcript.Step step) throws Exception {
        StanzaPattern pattern = new StanzaPattern(step.xml());
        RawClient session = session(step);
        if (session.poll(stanza -> pattern.matches(stanza.toXml(), names), LIMIT) == null) {
            throw new AssertionError("line " + step.line() + ": " + step.actor() + " did not receive " + step.xml()
                    + "\nbut " + text(session));
        }
    }

    /**
     * Nothing that was to come before comes: the proxy refuses a message of this session at once, and what it wrote to the
     * session before is there before that. Each server passes a message on, not so a request that is malformed.
     */
    private void receiveNothing(Transcript.Step step) throws Exception {
        RawClient session = session(step);
        String id = "mark" + marks++;
        if (passesMessages && !isWorker(step.actor())) {
            awaitRequest(session, id);
        } else {
            session.send("<message id='" + id + "' to='" + server.componentDomain() + "'><body>mark</body></message>");
            session.await("the answer to " + id, stanza -> id.equals(stanza.id()));
        }
        List<Stanza> unseen = session.unseen().stream()
                .filter(stanza ->
                        stanza.from() != null && stanza.fromJid().sameDomain(Jid.parse(server.componentDomain())))
                // The target is asked for its presence all the time.
                .filter(stanza -> stanza.kind() != Stanza.Kind.PRESENCE || !isWorker(step.actor()))
                .toList();
        if (!unseen.isEmpty()) {
            throw new AssertionError("line " + step.line() + ": " + step.actor() + " received " + text(session));
        }
    }

    private boolean isWorker(String actor) {
        return "worker".equals(Jid.parse(actors.get(actor)).local());
    }

    /** Where messages are passed on, a request is the mark: whoever of the target has it replies at once. */
    private void awaitRequest(RawClient session, String id) throws Exception {
        session.send(
                "<iq type='get' id='" + id + "' to='" + server.componentDomain() + "'><mark xmlns='urn:mark'/></iq>");
        Awaitility.await("the answer to " + id).atMost(LIMIT).until(() -> {
            for (Map.Entry<String, RawClient> each : sessions.entrySet()) {
                Stanza mark = isWorker(each.getKey())
                        ? each.getValue().poll(stanza -> id.equals(stanza.id()) && stanza.isRequest(), Duration.ZERO)
                        : null;
                if (mark != null) {
                    each.getValue().send("<iq type='result' id='" + id + "' to='" + mark.from() + "'/>");
                }
            }
            return session.poll(stanza -> id.equals(stanza.id()) && stanza.isReply(), Duration.ZERO) != null;
        });
    }

    private void awaitPool(int resources) {
        Awaitility.await("the proxy knows " + resources + " resources")
                .atMost(LIMIT)
                .until(() -> watch.isKnownToBe(resources));
    }

    private static String text(RawClient session) {
        return session.unseen().stream().map(Stanza::toXml).toList().toString();
    }

    @Override
    public void close() {
        sessions.values().forEach(RawClient::close);
    }
}
