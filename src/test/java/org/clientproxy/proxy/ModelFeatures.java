package org.clientproxy.proxy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.clientproxy.proxy.settings.FeatureUse;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.WorkerKeys;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/**
 * What resources announce, as it is specified, for the reference model: what is known of each, and who is to be asked. Which
 * one of those that say the same is asked is the proxy's to say.
 */
final class ModelFeatures {
    private static final int MOST = 8;
    private static final long LIMIT = Duration.ofSeconds(10).toNanos();
    private static final long AGAIN = Duration.ofSeconds(60).toNanos();

    /** A session, until it says something else of itself. */
    private static final class Session {
        private final @Nullable ModelCaps caps;
        // Null while it is being learnt.
        private @Nullable List<String> known;
        private boolean mustAsk = true;
        private long againAt;

        private Session(@Nullable ModelCaps caps) {
            this.caps = caps;
        }
    }

    private static final class Question {
        private final String to;
        private final String id;
        private final long limit;
        // Null: whom it was for has left, or says something else.
        private @Nullable Session of;

        private Question(String to, String id, @Nullable Session of, long limit) {
            this.to = to;
            this.id = id;
            this.of = of;
            this.limit = limit;
        }
    }

    private final LongSupplier clock;
    private final FeatureUse use;
    private final Map<String, Session> sessions = new LinkedHashMap<>();
    private final Map<ModelCaps, List<String>> verified = new HashMap<>();
    private final Map<String, Long> goneAt = new HashMap<>();
    private final List<Question> questions = new ArrayList<>();

    ModelFeatures(LongSupplier clock, ProxySettings settings) {
        this.clock = clock;
        this.use = settings.get(WorkerKeys.FEATURES);
    }

    boolean isRequired() {
        return use == FeatureUse.REQUIRE;
    }

    /** Whether the resource is of the first choice for a request that wants this; null: it wants nothing. */
    boolean announces(String resource, @Nullable String feature) {
        Session session = sessions.get(resource);
        boolean known = session != null && session.known != null;
        return use == FeatureUse.OFF || feature == null || known && session.known.contains(feature);
    }

    /** Whether it is being learnt what the resource announces. */
    boolean isLearning(String resource) {
        return sessions.containsKey(resource) && sessions.get(resource).known == null;
    }

    /** Its available presence has come, with this in it; null: nothing. */
    void present(String resource, @Nullable ModelCaps caps) {
        Session before = sessions.get(resource);
        if (use == FeatureUse.OFF || before != null && Objects.equals(before.caps, caps)) {
            return;
        }
        gone(resource);
        Session session = new Session(caps);
        sessions.put(resource, session);
        learnBeforehand(session);
    }

    private void learnBeforehand(Session session) {
        if (verified.containsKey(session.caps)) {
            session.known = verified.get(session.caps);
            session.mustAsk = false;
        }
    }

    void gone(String resource) {
        Session session = sessions.remove(resource);
        if (session != null) {
            goneAt.put(resource, now());
        }
        questions.forEach(each -> each.of = each.of == session ? null : each.of);
    }

    void down() {
        List.copyOf(sessions.keySet()).forEach(this::gone);
        questions.clear();
    }

    /** Somebody is asked. Says what is wrong with that; null: nothing. */
    @Nullable
    String asked(Stanza question) {
        String to = question.toJid().key();
        Session session = sessions.get(to);
        long open = questions.stream().filter(each -> each.limit > now()).count();
        if (session == null && goneAt.getOrDefault(to, -1L) == now() && open < MOST) {
            // Many leave one after the other, and this one had its turn before it left.
            questions.add(new Question(to, question.id(), null, now() + LIMIT));
            return null;
        }
        if (session == null || !session.mustAsk || isAsked(session) || open >= MOST) {
            return "asked for its features who is not to be asked: " + question + " of " + this;
        }
        String node = session.caps == null || session.caps.hash() == null
                ? ""
                : " node='" + ModelCaps.NODE + '#' + session.caps.ver() + "'";
        String child = "<query xmlns='http://jabber.org/protocol/disco#info'" + node + "/>";
        if (!"get".equals(question.type()) || !new String(question.content(), StandardCharsets.UTF_8).equals(child)) {
            return "a question that is not " + child + ": " + question;
        }
        questions.add(new Question(to, question.id(), session, now() + LIMIT));
        return null;
    }

    /** Whether the question is out that it waits for. */
    private boolean isAsked(Session session) {
        boolean shared = session.caps != null && session.caps.isShared();
        return questions.stream()
                .anyMatch(
                        each -> each.of != null && (each.of == session || shared && session.caps.equals(each.of.caps)));
    }

    /** Somebody answers, or claims to. Says whether more is known by that than before. */
    boolean answered(Stanza reply, ModelAnnouncement says) {
        boolean learnt = false;
        for (Question question : List.copyOf(questions)) {
            boolean its = question.to.equals(reply.fromJid().key()) && question.id.equals(reply.id());
            if (its && question.limit > now()) {
                learnt |= question.of != null;
                end(question, says.features);
            }
        }
        return learnt;
    }

    private void end(Question question, @Nullable List<String> features) {
        questions.remove(question);
        Session asked = question.of;
        if (asked == null) {
            return;
        }
        asked.mustAsk = false;
        asked.known = features == null ? List.of() : features;
        asked.againAt = features == null ? now() + AGAIN : 0;
        if (features != null && asked.caps != null && asked.caps.standsFor(features)) {
            verified.put(asked.caps, features);
            sessions.values().stream().filter(each -> each.mustAsk).forEach(this::learnBeforehand);
        }
    }

    /** The next moment at which something changes by itself; 0: none. */
    long nextDue() {
        long next = 0;
        for (Question question : questions) {
            next = ModelOpen.sooner(next, question.of == null ? 0 : question.limit);
        }
        for (Session session : sessions.values()) {
            next = ModelOpen.sooner(next, session.againAt);
        }
        return next;
    }

    /** Says whether more is known by that than before. */
    boolean timeComes(long now) {
        boolean learnt = false;
        for (Question question : List.copyOf(questions)) {
            if (question.limit <= now) {
                learnt |= question.of != null;
                end(question, null);
            }
        }
        for (Session session : sessions.values()) {
            if (session.againAt != 0 && session.againAt <= now) {
                session.againAt = 0;
                session.mustAsk = true;
                learnBeforehand(session);
                learnt |= !session.mustAsk;
            }
        }
        return learnt;
    }

    /** What is still owed when a step is over; null: nothing. */
    @Nullable
    String owes() {
        // One that is not awaited any more may count, for nobody sees when the proxy forgets it.
        if (questions.size() < MOST) {
            for (Session session : sessions.values()) {
                if (session.mustAsk && !isAsked(session)) {
                    return "nobody is asked for the features of " + this;
                }
            }
        }
        return null;
    }

    private long now() {
        return clock.getAsLong();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("features");
        sessions.forEach((name, each) -> text.append(' ')
                .append(name)
                .append('=')
                .append(each.known)
                .append(each.mustAsk ? "?" : "")
                .append(each.againAt));
        return text.toString();
    }
}
