package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.ReverseKeys;
import org.clientproxy.proxy.settings.WorkerKeys;
import org.clientproxy.stream.SimulatedLoop;
import org.clientproxy.stream.StanzaNotSentException;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/** Plays steps to a proxy and to the reference model at once, and compares the two after each. */
final class ModelPlay {
    private static final long GRID = Duration.ofMillis(100).toNanos();
    private static final int REMEMBERED = 64;

    private static final String TARGET = "worker@some.example";
    private static final List<String> RESOURCES =
            List.of(TARGET + "/a", TARGET + "/b", TARGET + "/A", TARGET + "/\u05d0 ' x");
    private static final List<String> SESSIONS =
            List.of(RESOURCES.get(0), RESOURCES.get(0), RESOURCES.get(1), RESOURCES.get(2), TARGET + "/z");
    private static final List<String> REQUESTERS = List.of(
            "alice@some.example/home",
            "alice@some.example/work",
            "Alice@some.example/home",
            "bob@other.example/phone",
            "some.service",
            TARGET + "/a",
            "carol@other.example/" + "\u05d0".repeat(500),
            "carol@other.example");
    private static final List<String> USED = List.of(
            "proxy.example",
            "proxy.example",
            "PROXY.example",
            "proxy.example/x",
            "node@proxy.example",
            "node@proxy.example/x");
    private static final List<String> NAMESPACES =
            List.of("urn:q", "urn:q", "urn:q2", "urn:q2", "urn:q3", "http://jabber.org/protocol/disco#items");
    private static final List<String> IDS = List.of("1", "1", "2", "", "\u05d0 '");
    private static final List<String> STRANGERS = List.of("mallory@evil.example/x", TARGET, "some.example");

    private static final String FOREIGN_TOKEN = java.util.Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(("\1\0\5a@b.c" + "x".repeat(16)).getBytes(java.nio.charset.StandardCharsets.US_ASCII));

    private final ModelSystem system;
    private final ReferenceModel model;
    private final ModelWire wire;
    private final SimulatedLoop loop;
    private final List<Stanza> forwarded;
    // What sessions of the target asked requesters, as those got it.
    private final List<Stanza> asked = new ArrayList<>();
    // What the proxy asked sessions of itself, and had no answer to.
    private final List<Stanza> questions = new ArrayList<>();
    private final boolean limited;
    private final boolean reverse;
    private final List<Jid> reach;
    private @Nullable String wrong;
    private int serial;
    private boolean drained;
    private boolean stopped;

    /** @param forwarded what went to the resources so far, of an earlier start too */
    ModelPlay(ModelSystem system, ProxySettings settings, ModelWire wire, List<Stanza> forwarded) {
        this.system = system;
        this.wire = wire;
        this.loop = system.loop();
        this.forwarded = forwarded;
        this.limited = settings.get(WorkerKeys.MAX_PENDING_PER_RESOURCE) > 0
                || !settings.get(WorkerKeys.QUEUE_TIMEOUT).isZero();
        this.reverse = settings.get(ReverseKeys.REVERSE);
        this.reach = settings.get(ReverseKeys.REACH);
        PendingRequests pending = system.pendingRequests();
        this.model = new ReferenceModel(loop::nanoTime, settings, wire, new ModelHints() {
            @Override
            public boolean isPending(Stanza request) {
                return ModelLeaks.isPending(pending, request);
            }

            @Override
            public boolean isOpen(String key) {
                return pending.find(key) != null;
            }
        });
        ModelLeaks.hearBlame(pending, resource -> model.blamed(resource.key()));
        system.stream().witness(this::given);
    }

    ReferenceModel model() {
        return model;
    }

    /** Whether the proxy is stopped, so that another one must take its place. */
    boolean isDrained() {
        return drained;
    }

    private void given(Stanza stanza, StanzaNotSentException.@Nullable Reason refused) {
        String problem = model.sent(stanza, refused);
        if (wrong == null) {
            wrong = problem;
        }
        if (model.isQuestion(stanza)) {
            questions.add(stanza);
        } else if (stanza.isRequest() && refused == null) {
            List<Stanza> to = model.reverse().isAsked(stanza) ? asked : forwarded;
            to.add(stanza);
            if (to.size() > REMEMBERED) {
                to.remove(0);
            }
        }
    }

    void step(ModelStep step) {
        switch (step.kind()) {
            case REQUEST -> request(step);
            case REFUSED -> {
                StanzaNotSentException.Reason[] reasons = StanzaNotSentException.Reason.values();
                system.stream().refuse(reasons[step.d() % reasons.length]);
                if (step.c() % 5 == 0) {
                    ask(step);
                } else if (step.c() % 3 == 0) {
                    reply(step, false);
                } else {
                    request(step);
                }
                system.stream().refuse(null);
            }
            case REPLY -> reply(step, false);
            case ASK -> ask(step);
            case ANSWER -> answer(step);
            case FORGERY -> reply(step, true);
            case BOUNCE -> bounce(step);
            case PRESENCE -> presence(step);
            case ANNOUNCE -> announce(step);
            case TIME -> {
                int size = step.b() % 8;
                pass(GRID * (1 + (size == 0 ? step.a() % 700 : size < 3 ? step.a() % 40 : step.a() % 4)));
            }
            case BREAK -> down();
            case READY -> up(step);
            case NOISE -> noise(step);
            case FINISH -> finish();
            case DRAIN -> drain();
            case STOP -> {
                if (drained) {
                    end();
                }
            }
        }
        check();
        pass(0);
    }

    /** Whatever is pending ends; after that nothing is left. */
    private void finish() {
        pass(Duration.ofSeconds(70).toNanos());
        assertThat(model.pending()).isZero();
        assertThat(system.pendingRequests().size()).isZero();
        assertThat(model.answers()).as("answers").isEqualTo(model.requests());
        ModelLeaks.check(system.pendingRequests());
        down();
        check();
        pass(Duration.ofSeconds(70).toNanos());
        assertThat(loop.timers()).as("timers").isZero();
    }

    void stop() {
        drain();
        check();
        pass(Duration.ofSeconds(6).toNanos());
        end();
        check();
        finish();
    }

    private void end() {
        stopped = true;
        model.stop();
        system.stop();
    }

    private void check() {
        if (wrong == null) {
            wrong = model.settle();
        }
        if (wrong != null) {
            throw new AssertionError(wrong);
        }
        system.stream().takeSent();
        assertThat(system.pendingRequests().size()).as("pending").isEqualTo(model.pending());
        assertThat(new HashSet<>(ModelLeaks.pool(system.pendingRequests())))
                .as("pool, %s", model.pool())
                .isEqualTo(new HashSet<>(model.pool().choosable()));
    }

    /** Lets the time pass, and some more until nothing is due just now: what is due is given a little late. */
    private void pass(long time) {
        long until = loop.nanoTime() + time;
        while (true) {
            long due = model.nextDue();
            boolean late = due != 0 && due <= loop.nanoTime();
            if (!late && loop.nanoTime() >= until) {
                return;
            }
            long next = late ? loop.nanoTime() + GRID : due == 0 ? until : Math.min(due, until);
            next = next + GRID - 1 - (next - 1) % GRID;
            long poolDue = model.pool().nextDue();
            if (poolDue != 0) {
                // A suspicion begins when it does.
                next = Math.min(next, poolDue);
            }
            advance(next - 1);
            check();
            model.timeComes(next);
            advance(next);
            check();
        }
    }

    private void advance(long to) {
        loop.advance(Duration.ofNanos(to - loop.nanoTime()));
    }

    private void request(ModelStep step) {
        if (!isReady()) {
            return;
        }
        String used = pick(USED, step.b());
        if (step.d() % 16 == 0 && !wire.tokens().isEmpty() && step.a() % REQUESTERS.size() != 5) {
            used = "proxy.example/" + pick(wire.tokens(), step.d() / 16);
        }
        String id = pick(IDS, step.c());
        String extra = step.d() % 3 == 0 ? " xml:lang='he' xmlns:x='urn:x' x:y='&lt;&#10;'" : "";
        Stanza request = StanzaXml.parse("<iq" + extra + " type='" + (step.d() % 2 == 0 ? "get" : "set") + "' id=\""
                + id
                + "\" from=\"" + pick(REQUESTERS, step.a()) + "\" to='" + used + "'><q xmlns='"
                + pick(NAMESPACES, step.c() / 8) + "' n='" + serial++ + "'>&amp;\u05d0<b xmlns=''/></q></iq>");
        model.request(request);
        system.stream().receive(request);
    }

    private void reply(ModelStep step, boolean forged) {
        if (!isReady() || forwarded.isEmpty()) {
            return;
        }
        // Mostly of the last ones, for they are open most likely.
        int back = step.a() % 4 == 0 ? step.b() % forwarded.size() : step.b() % Math.min(6, forwarded.size());
        ModelReply kind = step.c() % 3 == 0 ? ModelReply.RESULT : pick(List.of(ModelReply.values()), step.c() / 3);
        reply(step, forged, forwarded.get(forwarded.size() - 1 - back), kind);
    }

    private void bounce(ModelStep step) {
        if (!isReady() || forwarded.isEmpty()) {
            return;
        }
        Stanza last = forwarded.get(forwarded.size() - 1);
        pass(GRID * List.of(0, 19, 20, 21, 40).get(step.a() % 5));
        boolean leavesFirst = step.b() % 3 == 0;
        if (leavesFirst) {
            presence("unavailable", last.to(), null);
        }
        reply(step, false, last, step.c() % 4 == 0 ? ModelReply.RECIPIENT_UNAVAILABLE : ModelReply.SERVICE_UNAVAILABLE);
        check();
        pass(GRID * (step.d() / 16 % 2));
        if (!leavesFirst && step.d() % 4 != 0) {
            presence("unavailable", last.to(), null);
        }
    }

    /** A session of the target asks somebody who has written, by the token. */
    private void ask(ModelStep step) {
        List<String> tokens = wire.tokens();
        if (!isReady() || tokens.isEmpty()) {
            return;
        }
        String session = pick(SESSIONS, step.a());
        String token = pick(tokens, step.d());
        List<String> owner = wire.owner(token);
        boolean byName = !reach.isEmpty() && step.d() / 64 % 8 == 0;
        String to = byName ? "bob\\40other.example@proxy.example" : "proxy.example/" + token;
        Jid asks = Jid.parse(byName ? "bob@other.example" : owner.get(0));
        ModelReverse.Meant meant = new ModelReverse.Meant(asks, Jid.parse(byName ? "proxy.example" : owner.get(1)));
        String refusal = byName || model.reverse().isKnown(token) ? null : "unknown-token";
        if (refusal == null && !reverse) {
            refusal = byName ? "not-reachable" : "no-reverse-requests";
        }
        Stanza request = StanzaXml.parse("<iq xml:lang='he' type='" + (step.b() % 2 == 0 ? "get" : "set") + "' id=\""
                + pick(IDS, step.c()) + "\" from=\"" + session + "\" to='" + to + "'><asks xmlns='urn:q' n='"
                + serial++ + "'>&amp;</asks></iq>");
        model.asks(request, meant, refusal);
        system.stream().receive(request);
    }

    /** Somebody who was asked answers, or another one in that one's name. */
    private void answer(ModelStep step) {
        if (isReady() && !asked.isEmpty()) {
            int back = step.a() % 4 == 0 ? step.b() % asked.size() : step.b() % Math.min(3, asked.size());
            ModelReply kind = pick(List.of(ModelReply.values()), step.c() / 3);
            reply(step, step.c() % 3 == 0, asked.get(asked.size() - 1 - back), kind);
        }
    }

    private void reply(ModelStep step, boolean forged, Stanza to, ModelReply kind) {
        String from = to.to();
        String wireFrom = to.from();
        String id = to.id();
        if (forged) {
            switch (step.d() % 8) {
                case 0 -> from = pick(step.d() / 8 % 2 == 0 ? RESOURCES : REQUESTERS, step.d() / 16);
                case 1 -> from = pick(STRANGERS, step.d() / 8);
                case 2 -> id = pick(IDS, step.d() / 8);
                case 3 -> id = id + 'x';
                case 4 -> wireFrom = "proxy.example/" + pick(wire.tokens(), step.d() / 8);
                case 5 -> wireFrom = almost(wireFrom, step.d() / 8 % 2 == 0 ? "" : "!");
                case 6 -> wireFrom = step.d() / 8 % 2 == 0 ? "proxy.example" : "other@" + wireFrom.replace("node@", "");
                // The same address in another form, which is right.
                default -> {
                    from = from.replace("worker@some", "Worker@SOME");
                    wireFrom = wireFrom.replace("proxy.example", "Proxy.Example");
                }
            }
        }
        StringBuilder xml =
                new StringBuilder("<iq xml:lang='fr' type='" + kind.type + "' to='" + wireFrom + "' from='");
        org.clientproxy.xmpp.XmlText.escape(from, xml);
        xml.append("' id='");
        org.clientproxy.xmpp.XmlText.escape(id, xml);
        xml.append("'>").append(kind.content(serial++)).append("</iq>");
        Stanza reply = StanzaXml.parse(xml.toString());
        model.reply(reply, kind);
        system.stream().receive(reply);
    }

    /** Another address, of which one character is another. */
    private static String almost(String address, String last) {
        String shorter = address.substring(0, address.length() - 1);
        return shorter.contains("/") && !shorter.endsWith("/") ? shorter + last : "proxy.example/y" + last;
    }

    private void presence(ModelStep step) {
        if (!isReady()) {
            return;
        }
        String resource = pick(RESOURCES, step.b());
        switch (step.a() % 20) {
            case 0, 1, 2, 3, 4, 5, 6 -> presence("", resource, null, says(step.d() % 3 == 0 ? "dnd" : null, step));
            case 7, 8, 9, 10 -> presence("unavailable", resource, null);
            case 11 -> presence("error", resource, step.c() % 2 == 0 ? "available" : null);
            case 12, 13, 14 -> presence("subscribed", TARGET, null);
            case 15 -> presence("unavailable", TARGET, null);
            case 16 -> presence("unsubscribed", TARGET, null);
            case 17 -> presence("error", TARGET, step.c() % 2 == 0 ? "available" : null);
            case 18 -> presence(pick(List.of("subscribe", "probe", "unsubscribe"), step.c()), TARGET, null);
            default -> {
                // ejabberd's order of a session that is replaced.
                presence("", resource, null, says(null, step));
                presence("unavailable", resource, null);
            }
        }
    }

    private void presence(String type, String from, @Nullable String id) {
        presence(type, from, id, ModelPresence.PLAIN);
    }

    private void presence(String type, String from, @Nullable String id, ModelPresence says) {
        Stanza presence = StanzaXml.parse(
                Stanza.of(Stanza.Kind.PRESENCE, type.isEmpty() ? null : type, id, from, "proxy.example", says.xml())
                        .toXml());
        model.presence(type, Jid.parse(from), id, says);
        system.stream().receive(presence);
        check();
    }

    private void noise(ModelStep step) {
        if (!isReady()) {
            return;
        }
        String from = pick(REQUESTERS, step.a()).equals(RESOURCES.get(0)) ? TARGET + "/z" : pick(REQUESTERS, step.a());
        String to = pick(USED, step.b());
        String token = wire.tokens().isEmpty() ? null : pick(wire.tokens(), step.d());
        switch (step.c() % 12) {
            case 0 -> noise("iq", "get", "1", from, to, "", "malformed-request");
            case 1 -> noise("iq", "set", "1", from, to, "<a/><b/>", "malformed-request");
            case 2 -> noise("iq", "get", null, from, to, "<a/>", null);
            case 3 -> noise("iq", "probe", "1", from, to, "<a/>", null);
            case 4 -> noise("message", null, "1", from, to, "<body>x</body>", "no-messages");
            case 5 -> noise("message", "error", "1", from, to, "", null);
            case 6 -> {
                if (!from.startsWith(TARGET)) {
                    noise("presence", "subscribe", "1", from, to, "", "unsubscribed");
                    noise("presence", null, null, from, to, "", null);
                    noise("presence", "unavailable", null, from, to, "", null);
                }
            }
            case 7 -> {
                for (String type : List.of("unavailable", "error", "probe")) {
                    noise("presence", type, "1", pick(RESOURCES, step.a()), to(step, token), "", null);
                }
                noise("presence", null, "1", pick(RESOURCES, step.a()), to(step, token), "", null);
            }
            case 8 -> noise("iq", "set", "1", RESOURCES.get(0), "x\\40@proxy.example", "<a/>", badName());
            case 9 -> noise("iq", "get", "1", TARGET + "/z", "proxy.example/" + FOREIGN_TOKEN, "<a/>", "unknown-token");
            default -> {
                // Nobody is reached who is not named, and by nobody but a session of the target.
                String name = "mallory\\40other.example@proxy.example";
                noise("iq", "get", "1", RESOURCES.get(0), name, "<a/>", "not-reachable");
            }
        }
    }

    private String badName() {
        return reverse && !reach.isEmpty() ? "bad-name" : "not-reachable";
    }

    /** An address that stands for a requester. */
    private static String to(ModelStep step, @Nullable String token) {
        return step.d() % 2 == 0 || token == null ? "bob\\40other.example@proxy.example" : "proxy.example/" + token;
    }

    private void noise(
            String kind,
            @Nullable String type,
            @Nullable String id,
            String from,
            String to,
            String content,
            @Nullable String refusal) {
        Stanza parsed = StanzaXml.parse(
                Stanza.of(Stanza.Kind.valueOf(kind.toUpperCase(java.util.Locale.ROOT)), type, id, from, to, content)
                        .toXml());
        model.refusable(parsed, refusal);
        system.stream().receive(parsed);
        check();
    }

    private void up(ModelStep step) {
        if (isReady() || stopped) {
            return;
        }
        model.up();
        system.stream().become(StreamState.READY);
        check();
        // Mostly all goes well.
        if (step.a() % 4 != 0) {
            presence("subscribed", TARGET, null);
            for (String resource : RESOURCES) {
                if (step.b() % 5 < 3) {
                    presence("", resource, null, says(null, step));
                }
            }
            if (step.d() % 3 != 0) {
                for (Stanza question : List.copyOf(questions)) {
                    announce(question, honest(question, step.d() / 3), question.to(), question.id());
                }
            }
        }
    }

    private ModelPresence says(@Nullable String show, ModelStep step) {
        return new ModelPresence(show, wishes(step.c()), ModelCaps.pick(step.d() / 3));
    }

    /** A session says what it can, mostly in truth, or somebody in its name. */
    private void announce(ModelStep step) {
        if (!isReady() || questions.isEmpty()) {
            return;
        }
        Stanza question = pick(questions, step.a());
        ModelAnnouncement says =
                step.c() % 2 == 0 ? honest(question, step.d()) : pick(List.of(ModelAnnouncement.values()), step.d());
        switch (step.b() % 16) {
            case 0 -> announce(question, says, pick(RESOURCES, step.c()), question.id());
            case 1 -> announce(question, says, question.to(), pick(IDS, step.c()));
            case 2 -> announce(question, says, "mallory@evil.example/x", question.id());
            default -> announce(question, says, question.to(), question.id());
        }
    }

    /** What the hash in the question stands for; anything where there is none. */
    private static ModelAnnouncement honest(Stanza question, int random) {
        String asked = new String(question.content(), java.nio.charset.StandardCharsets.UTF_8);
        for (ModelAnnouncement each : ModelAnnouncement.values()) {
            if (each.features != null && asked.contains(ModelCaps.hashOf(each.features))) {
                return each;
            }
        }
        return random % 2 == 0 ? ModelAnnouncement.OLD : ModelAnnouncement.NEW;
    }

    private void announce(Stanza question, ModelAnnouncement says, String from, String id) {
        Stanza reply = StanzaXml.parse(Stanza.of(Stanza.Kind.IQ, says.type(), id, from, question.from(), says.content())
                .toXml());
        if (from.equals(question.to()) && id.equals(question.id())) {
            questions.remove(question);
        }
        model.announces(reply, says);
        system.stream().receive(reply);
        check();
    }

    /** Where there are capacities at all, most sessions want few requests at a time. */
    private int wishes(int random) {
        return limited ? random % 4 : 0;
    }

    private void down() {
        if (isReady()) {
            questions.clear();
            model.down();
            system.stream().become(StreamState.DISCONNECTED);
        }
    }

    private void drain() {
        drained = true;
        model.drain();
        system.drain();
    }

    private boolean isReady() {
        return system.stream().state() == StreamState.READY;
    }

    private static <T> T pick(List<T> from, int at) {
        return from.get(at % from.size());
    }
}
