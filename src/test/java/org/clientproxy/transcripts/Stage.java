package org.clientproxy.transcripts;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.loopback.XmppServer;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;

/** Plays a transcript: the sessions of its actors at a server, beside which the proxy runs. */
final class Stage implements AutoCloseable {
    /** How long a step may take on a machine that is busy. */
    private static final Duration LIMIT = Duration.ofSeconds(15);

    private final XmppServer server;
    private final PoolWatch pool;
    private final Map<String, String> actors;
    private final Map<String, RawClient> sessions = new HashMap<>();
    private final Map<String, String> names = new HashMap<>();
    private int marks;

    Stage(XmppServer server, PoolWatch pool, Transcript transcript) {
        this.server = server;
        this.pool = pool;
        this.actors = transcript.actors();
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
            ((LoopbackServer) server).dropComponent(null);
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
     * Nothing that was to come before comes: the proxy answers a malformed request of this session at once, and what it wrote
     * to the session before is there before that answer.
     */
    private void receiveNothing(Transcript.Step step) throws Exception {
        RawClient session = session(step);
        String id = "mark" + marks++;
        session.send("<iq type='get' id='" + id + "' to='" + server.componentDomain() + "'/>");
        session.await("the answer to " + id, stanza -> id.equals(stanza.id()));
        List<Stanza> unseen = session.unseen().stream()
                .filter(stanza ->
                        stanza.from() != null && stanza.fromJid().sameDomain(Jid.parse(server.componentDomain())))
                .filter(stanza -> stanza.kind() != Stanza.Kind.PRESENCE)
                .toList();
        if (!unseen.isEmpty()) {
            throw new AssertionError("line " + step.line() + ": " + step.actor() + " received " + text(session));
        }
    }

    private void awaitPool(int resources) {
        Awaitility.await("the proxy knows " + resources + " resources")
                .atMost(LIMIT)
                .until(() -> pool.isKnownToBe(resources));
    }

    private static String text(RawClient session) {
        return session.unseen().stream().map(Stanza::toXml).toList().toString();
    }

    @Override
    public void close() {
        sessions.values().forEach(RawClient::close);
    }
}
