package org.clientproxy.proxy.conversations;

import static org.assertj.core.api.Assertions.assertThat;

import org.clientproxy.stream.SimulatedLoop;
import org.clientproxy.xmpp.Jid;
import org.junit.jupiter.api.Test;

class WrittenByNameTest {
    private static final Jid HOST = Jid.parse("proxy.example");
    private static final Jid NAME = Jid.parse("alice\\40some.example@proxy.example/phone");
    private static final Conversation ALICE = new Conversation(Jid.parse("alice@some.example/phone"), HOST);

    private final SimulatedLoop loop = new SimulatedLoop();
    private final WrittenByName names = new WrittenByName(loop);

    @Test
    void anySessionOfTheAccountAnswersForTheName() {
        names.wrote(ALICE, "1", NAME);
        names.wrote(ALICE, null, NAME);
        assertThat(names.find(new Conversation(Jid.parse("Alice@some.example"), HOST), "1"))
                .isEqualTo(NAME);
        assertThat(names.find(ALICE, null)).isEqualTo(NAME);
        assertThat(names.find(ALICE, "2")).isNull();
        assertThat(names.find(new Conversation(Jid.parse("bob@some.example"), HOST), "1"))
                .isNull();
        assertThat(names.find(new Conversation(ALICE.requester(), Jid.parse("shop@proxy.example")), "1"))
                .isNull();
    }

    @Test
    void theLastMessageOfAnIdCounts() {
        names.wrote(ALICE, "1", NAME);
        names.wrote(ALICE, "1", null);
        assertThat(names.find(ALICE, "1")).isNull();
    }

    @Test
    void whatIsOldLongOrOneTooManyIsForgotten() {
        String tooLong = "x".repeat(WrittenByName.LONGEST_ID + 1);
        names.wrote(ALICE, tooLong, NAME);
        assertThat(names.find(ALICE, tooLong)).isNull();
        for (int i = 0; i <= WrittenByName.MOST; i++) {
            names.wrote(ALICE, "" + i, NAME);
        }
        assertThat(names.find(ALICE, "0")).isNull();
        assertThat(names.find(ALICE, "1")).isEqualTo(NAME);
        loop.advance(WrittenByName.KNOWN);
        assertThat(names.find(ALICE, "1")).isNull();
    }
}
