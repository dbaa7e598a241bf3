package org.clientproxy.proxy.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.clientproxy.fuzz.Mutations;
import org.clientproxy.proxy.pool.ResourcePool;
import org.clientproxy.proxy.settings.AnswerKeys;
import org.clientproxy.proxy.settings.LocalAnswer;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.ServerKeys;
import org.clientproxy.stream.SimulatedLoop;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.Test;

/** Whatever is asked: nothing is thrown, and each answer is a stanza to whoever asked. */
class LocalQuestionsFuzzTest {
    private final Random random = new Random(Long.getLong("seed", 1));

    @Test
    void anyQuestionIsAnsweredOrForwarded() {
        ProxySettings settings = ProxySettings.of("proxy", Jid.parse("proxy.example"), Jid.parse("worker@some.example"))
                .with(ServerKeys.SECRET, "secret")
                .with(AnswerKeys.ANSWER, List.of(LocalAnswer.values()));
        LocalQuestions questions = new LocalQuestions(settings);
        LocalAnswers answers = new LocalAnswers(
                settings,
                new SimulatedLoop(),
                new ResourcePool(settings.selection(), new SplittableRandom(1)),
                questions);
        Mutations mutations = Mutations.of("questions", random);
        Set<LocalQuestion> seen = EnumSet.noneOf(LocalQuestion.class);
        int forwarded = 0;
        for (int run = 0; run < Integer.getInteger("fuzz.runs", 10_000); run++) {
            Stanza asked;
            try {
                asked = StanzaXml.parse(mutations.next());
            } catch (IllegalArgumentException e) {
                // It ends the stream, and nobody hears of it.
                continue;
            }
            // The consumer takes no stanza without a sender, and the roles none without an id or with two children.
            if (asked.kind() != Stanza.Kind.IQ
                    || asked.from() == null
                    || asked.to() == null
                    || asked.id() == null
                    || asked.children() != 1
                    || Jid.read(asked.to()).isEmpty()) {
                continue;
            }
            LocalQuestion question = questions.of(asked);
            if (question == null) {
                forwarded++;
            } else {
                seen.add(question);
                Stanza answer = StanzaXml.parse(answers.answer(question, asked).toBytes());
                assertThat(answer.type()).isEqualTo("result");
                assertThat(answer.id()).isEqualTo(asked.id());
                assertThat(answer.to()).isEqualTo(asked.from());
            }
        }
        assertThat(forwarded).isPositive();
        assertThat(seen).contains(LocalQuestion.PING, LocalQuestion.VERSION, LocalQuestion.INFO);
    }
}
