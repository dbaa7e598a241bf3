package org.clientproxy.proxy.features;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.clientproxy.proxy.caps.CapsHash;
import org.clientproxy.proxy.pool.Caps;
import org.clientproxy.proxy.pool.Queries;
import org.clientproxy.proxy.stats.FeatureCounters;
import org.clientproxy.xmpp.Namespaces;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.XmlText;
import org.jspecify.annotations.Nullable;

/**
 * Asks sessions what they can by {@code disco#info}, at most {@value #MOST} at a time. Of those that say the same of themselves
 * one is asked; where its answer does not count for the others, the next one is. Used on the loop only.
 */
final class Questions {
    static final int MOST = 8;
    static final Duration LIMIT = Duration.ofSeconds(10);

    /** Takes the answers. */
    @FunctionalInterface
    interface Answers {
        /**
         * @param asked has not left or said something else since
         * @param reply null where none came in time
         * @return whether it counts for all who wait for the question
         */
        boolean heard(Question question, Announcement asked, @Nullable Stanza reply);
    }

    private final Queries queries;
    private final FeatureCounters counters;
    private final Answers answers;
    private final Map<CapsHash, Question> byHash = new HashMap<>();
    private final Set<Question> queue = new LinkedHashSet<>();
    private int open;
    private boolean closed;

    Questions(Queries queries, FeatureCounters counters, Answers answers) {
        this.queries = queries;
        this.counters = counters;
        this.answers = answers;
    }

    /** Asks for what the session says of itself. */
    void ask(Announcement announcement) {
        CapsHash hash = announcement.hash;
        Question question = hash == null ? new Question(null) : byHash.computeIfAbsent(hash, Question::new);
        question.waiting.add(announcement);
        announcement.question = question;
        queueUp(question);
        askNext();
    }

    /** The session has left, or says something else. Who waits with it does not wait for its answer. */
    void forget(Announcement announcement) {
        Question question = announcement.question;
        if (question == null) {
            return;
        }
        announcement.question = null;
        question.waiting.remove(announcement);
        if (question.asked == announcement) {
            question.asked = null;
        }
        queueUp(question);
        askNext();
    }

    /** Nobody is asked any more, and no answer counts. */
    void close() {
        closed = true;
    }

    /** It is asked when its turn comes, if somebody waits for it and nobody is asked yet. */
    private void queueUp(Question question) {
        if (question.asked != null) {
            return;
        }
        if (!question.waiting.isEmpty()) {
            queue.add(question);
            return;
        }
        queue.remove(question);
        if (question.hash != null) {
            byHash.remove(question.hash, question);
        }
    }

    private void askNext() {
        while (open < MOST && !queue.isEmpty()) {
            Question question = queue.iterator().next();
            queue.remove(question);
            Announcement asked = question.askNext();
            if (asked != null) {
                open++;
                counters.asked();
                queries.ask(asked.resource.jid(), child(asked.caps), LIMIT, reply -> heard(question, asked, reply));
            }
        }
    }

    private void heard(Question question, Announcement asked, @Nullable Stanza reply) {
        if (closed) {
            return;
        }
        open--;
        if (question.asked == asked) {
            question.asked = null;
            asked.question = null;
            if (answers.heard(question, asked, reply)) {
                question.waiting.forEach(each -> each.question = null);
                question.waiting.clear();
            }
            queueUp(question);
        }
        askNext();
    }

    /** An old program that names no function for its hash answers for all that it can only where no node is named. */
    private static String child(@Nullable Caps caps) {
        StringBuilder child = new StringBuilder("<query xmlns='")
                .append(Namespaces.DISCO_INFO)
                .append('\'');
        if (caps != null && caps.hash() != null) {
            XmlText.attribute(caps.query(), child.append(" node="));
        }
        return child.append("/>").toString();
    }
}
