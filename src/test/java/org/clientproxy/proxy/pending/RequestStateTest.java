package org.clientproxy.proxy.pending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.Test;

/** The states of a request are those of the table in {@code docs/protocol.md}, and no other moves are made. */
class RequestStateTest {
    private static final Pattern ROW = Pattern.compile("\\| `([A-Z_]+)` \\|[^|]*\\|([^|]*)\\|");
    private static final Pattern NAME = Pattern.compile("`([A-Z_]+)`");

    private final PooledResource resource = new PooledResource(Jid.parse("worker@some.example/a"));
    private final PendingRequest request = request();

    private static PendingRequest request() {
        Stanza stanza = StanzaXml.parse("<iq type='get' id='1' from='alice@some.example/home' to='proxy.example'/>");
        return new PendingRequest(stanza, stanza.fromJid(), 0, 1);
    }

    private static Map<RequestState, Set<RequestState>> documented() throws IOException {
        Map<RequestState, Set<RequestState>> table = new LinkedHashMap<>();
        String page = Files.readString(Path.of("docs/protocol.md"));
        int begin = page.indexOf("### The states of a request");
        for (String line : page.substring(begin, page.indexOf("\n## ", begin)).split("\n")) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                Set<RequestState> next = EnumSet.noneOf(RequestState.class);
                NAME.matcher(row.group(2)).results().forEach(name -> next.add(RequestState.valueOf(name.group(1))));
                table.put(RequestState.valueOf(row.group(1)), next);
            }
        }
        return table;
    }

    @Test
    void movesAreThoseOfTheTable() throws IOException {
        Map<RequestState, Set<RequestState>> table = documented();
        assertThat(table.keySet()).containsExactly(RequestState.values());
        table.forEach(
                (state, next) -> assertThat(Arrays.stream(RequestState.values()).filter(state::mayBecome))
                        .as("what %s may become", state)
                        .containsExactlyInAnyOrderElementsOf(next));
    }

    @Test
    void whatIsAnsweredIsNotSentOn() {
        request.attempt(resource, "k", 0);
        assertThat(request.answer()).isTrue();
        assertThatThrownBy(() -> request.attempt(resource, "k", 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ANSWERED cannot become SENT");
        assertThatThrownBy(() -> request.await("k")).isInstanceOf(IllegalStateException.class);
        assertThat(request.answer()).isFalse();
        assertThat(request.state()).isEqualTo(RequestState.ANSWERED);
    }

    @Test
    void anAnswerIsTurnedBackOnce() {
        request.attempt(resource, "k", 0);
        request.replied();
        assertThat(request.answer()).isTrue();
        assertThat(request.answerRefused()).isTrue();
        assertThat(request.isAnswered()).isFalse();
        request.failUnder("own");
        assertThat(request.answer()).isTrue();
        assertThat(request.answerRefused()).isFalse();
        assertThat(request.answer()).isFalse();
        assertThat(request.state()).isEqualTo(RequestState.ANSWERED_AGAIN);
    }

    @Test
    void whatCameBackMayBeSentOnButNotRepliedTo() {
        request.attempt(resource, "k", 0);
        request.bounced(new Bounce(request.request(), true, true, 0));
        assertThatThrownBy(request::replied).isInstanceOf(IllegalStateException.class);
        request.attempt(resource, "k2", 0);
        assertThat(request.state()).isEqualTo(RequestState.SENT);
        assertThat(request.bounce()).isNull();
    }

    @Test
    void whatComesBackFromTheGateGoesOn() {
        request.hold("own");
        assertThatThrownBy(() -> request.attempt(resource, "k", 0)).isInstanceOf(IllegalStateException.class);
        request.release();
        request.await("own2");
        request.attempt(resource, "k", 0);
        assertThat(request.state()).isEqualTo(RequestState.SENT);
    }
}
