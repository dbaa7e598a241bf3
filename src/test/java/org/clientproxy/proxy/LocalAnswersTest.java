package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clientproxy.proxy.ProxyFixture.A;
import static org.clientproxy.proxy.ProxyFixture.ALICE;
import static org.clientproxy.proxy.ProxyFixture.B;
import static org.clientproxy.proxy.ProxyRequestsTest.assertError;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.clientproxy.proxy.settings.AnswerKeys;
import org.clientproxy.proxy.settings.FeatureUse;
import org.clientproxy.proxy.settings.LocalAnswer;
import org.clientproxy.proxy.settings.PresenceKeys;
import org.clientproxy.proxy.settings.PresenceUse;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.RouteKeys;
import org.clientproxy.proxy.settings.ServerKeys;
import org.clientproxy.proxy.settings.WorkerKeys;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaError.Condition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code proxy.answer}: which requests the proxy host answers itself, whoever is there, and what it says. */
class LocalAnswersTest {
    private static final String DISCO = "http://jabber.org/protocol/disco#";
    private static final String PING = "<ping xmlns='urn:xmpp:ping'/>";
    private static final String INFO = "<query xmlns='" + DISCO + "info'/>";
    private static final List<LocalAnswer> ALL = List.of(LocalAnswer.values());

    @TempDir
    Path dataDir;

    private ProxyFixture proxy;
    private ProxySettings settings;
    private int ids;

    @AfterEach
    void stop() {
        proxy.close();
    }

    private void start(List<LocalAnswer> answers, UnaryOperator<ProxySettings> change) throws Exception {
        settings = change.apply(ProxyFixture.settings(dataDir).with(AnswerKeys.ANSWER, answers));
        proxy = ProxyFixture.start(dataDir, any -> settings);
    }

    private void start(List<LocalAnswer> answers) throws Exception {
        start(answers, same -> same);
    }

    private void adjust(UnaryOperator<ProxySettings> change) {
        settings = change.apply(settings);
        proxy.proxy.adjust(settings);
        proxy.loop.runDue();
    }

    private void ask(String type, String to, String child) {
        proxy.receive(
                "<iq type='" + type + "' id='q" + ids++ + "' from='" + ALICE + "' to='" + to + "'>" + child + "</iq>");
    }

    /** What the proxy host itself answers. */
    private Stanza answer(String child) {
        ask("get", "proxy.example", child);
        Stanza answer = proxy.onlySent();
        assertThat(answer.to()).isEqualTo(ALICE);
        assertThat(answer.from()).isEqualTo("proxy.example");
        assertThat(answer.id()).isEqualTo("q" + (ids - 1));
        return answer;
    }

    private String result(String child) {
        Stanza answer = answer(child);
        assertThat(answer.type()).isEqualTo("result");
        return new String(answer.content(), StandardCharsets.UTF_8);
    }

    private void assertForwarded(String type, String to, String child) {
        ask(type, to, child);
        Stanza forwarded = proxy.onlySent();
        assertThat(forwarded.to()).startsWith("worker@some.example/");
        proxy.result(forwarded);
        proxy.sent();
    }

    /** The resources get ready and are asked; each answers these features. */
    private void announced(Map<String, List<String>> features) {
        proxy.stream().become(StreamState.READY);
        proxy.receive("<presence from='worker@some.example' to='proxy.example' type='subscribed'/>");
        features.keySet().stream().sorted().forEach(proxy::comes);
        for (Stanza question : proxy.sent()) {
            announce(question, features.get(question.to()));
        }
    }

    private void announce(Stanza question, List<String> features) {
        StringBuilder info = new StringBuilder("<query xmlns='" + DISCO + "info'>");
        features.forEach(each -> info.append("<feature var='").append(each).append("'/>"));
        proxy.receive(question.result(info.append("</query>").toString()).toXml());
        proxy.loop.runDue();
    }

    private static List<String> features(String info) {
        List<String> features = new ArrayList<>();
        Pattern.compile("<feature var='([^']*)'/>")
                .matcher(info)
                .results()
                .forEach(found -> features.add(found.group(1)));
        return features;
    }

    @Test
    void byDefaultAllIsForwardedAndNobodyIsAsked() throws Exception {
        start(List.of());
        proxy.ready(A);
        assertThat(proxy.sent()).isEmpty();
        for (String child :
                List.of(PING, INFO, "<query xmlns='jabber:iq:version'/>", "<query xmlns='jabber:iq:last'/>")) {
            assertForwarded("get", "proxy.example", child);
        }
    }

    @Test
    void aPingIsAnsweredWhoeverIsThere() throws Exception {
        start(List.of(LocalAnswer.PING));
        proxy.stream().become(StreamState.READY);
        proxy.sent();
        assertThat(result(PING)).as("the pool is not confirmed").isEmpty();
        proxy.ready();
        assertThat(result(PING)).as("the pool is empty").isEmpty();
        proxy.comes(A);
        assertThat(result(PING)).isEmpty();
        proxy.proxy.pause();
        proxy.loop.runDue();
        assertThat(result(PING)).as("an operator's pause is not its matter").isEmpty();
        assertThat(proxy.proxy.counters().local().results()).isEqualTo(4);
        assertThat(proxy.proxy.counters().requests())
                .as("it is no request to a resource")
                .isZero();
    }

    @Test
    void whatIsNotNamedOrNotForTheHostItselfIsForwarded() throws Exception {
        start(List.of(LocalAnswer.PING));
        proxy.ready(A);
        assertForwarded("set", "proxy.example", PING);
        assertForwarded("get", "node@proxy.example", PING);
        assertForwarded("get", "proxy.example/resource", PING);
        assertForwarded("get", "proxy.example", "<query xmlns='urn:xmpp:ping'/>");
        assertForwarded("get", "proxy.example", "<ping xmlns='urn:example:ping'/>");
        assertForwarded("get", "proxy.example", "<query xmlns='jabber:iq:version'/>");
        assertForwarded("get", "proxy.example", INFO);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<p:ping xmlns:p='urn:xmpp:ping'/>",
                "<ping xmlns=\"urn:xmpp:ping\"></ping>",
                "<ping a='1' xmlns='urn:xmpp:&#112;ing'><more/></ping>"
            })
    void theSpellingDoesNotMatter(String child) throws Exception {
        start(List.of(LocalAnswer.PING));
        proxy.ready();
        assertThat(result(child)).isEmpty();
    }

    @Test
    void theSpellingOfTheAddressIsKept() throws Exception {
        start(List.of(LocalAnswer.PING));
        proxy.ready();
        ask("get", "PROXY.example", PING);
        assertThat(proxy.onlySent().from()).isEqualTo("PROXY.example");
    }

    @Test
    void theTargetsSessionsMayAskToo() throws Exception {
        start(List.of(LocalAnswer.PING));
        proxy.ready(A);
        proxy.receive("<iq type='get' id='1' from='" + A + "' to='proxy.example'>" + PING + "</iq>");
        assertThat(proxy.onlySent().to()).isEqualTo(A);
    }

    @Test
    void whatIsMalformedIsRefusedAsEver() throws Exception {
        start(ALL);
        proxy.ready();
        assertError(answer(PING + PING), Condition.BAD_REQUEST, StanzaError.Type.MODIFY);
    }

    @Test
    void itsVersionIsThatOfTheProgramAndSaysNothingOfTheMachine() throws Exception {
        start(List.of(LocalAnswer.VERSION));
        proxy.ready();
        assertThat(result("<query xmlns='jabber:iq:version'/>"))
                .startsWith("<query xmlns='jabber:iq:version'><name>Camel Client Proxy</name><version>")
                .doesNotContain("<os");
        adjust(each -> each.with(AnswerKeys.IDENTITY, AnswerKeys.IDENTITY.parse("pubsub/service/A < B's")));
        assertThat(result("<query xmlns='jabber:iq:version'/>")).contains("<name>A &lt; B&apos;s</name>");
    }

    @Test
    void itsLastActivityIsWhenItGotReady() throws Exception {
        start(List.of(LocalAnswer.LAST));
        proxy.ready();
        proxy.pass(Duration.ofSeconds(90));
        proxy.sent();
        assertThat(result("<query xmlns='jabber:iq:last'/>")).isEqualTo("<query xmlns='jabber:iq:last' seconds='90'/>");
        proxy.stream().become(StreamState.DISCONNECTED);
        proxy.pass(Duration.ofSeconds(5));
        proxy.stream().become(StreamState.READY);
        proxy.sent();
        assertThat(result("<query xmlns='jabber:iq:last'/>")).contains("seconds='0'");
    }

    @Test
    void itSaysWhatItIsAndWhatItAnswers() throws Exception {
        start(ALL);
        proxy.ready();
        assertThat(result(INFO))
                .isEqualTo("<query xmlns='" + DISCO + "info'><identity category='component' type='generic'/>"
                        + "<feature var='urn:xmpp:ping'/><feature var='jabber:iq:version'/>"
                        + "<feature var='jabber:iq:last'/><feature var='" + DISCO + "info'/><feature var='" + DISCO
                        + "items'/></query>");
        assertThat(result("<query xmlns='" + DISCO + "items'/>")).isEqualTo("<query xmlns='" + DISCO + "items'/>");
        adjust(each -> each.with(AnswerKeys.IDENTITY, AnswerKeys.IDENTITY.parse("automation/rpc/Build \"x\""))
                .with(AnswerKeys.ANSWER, List.of(LocalAnswer.DISCO)));
        assertThat(result(INFO))
                .isEqualTo("<query xmlns='" + DISCO
                        + "info'><identity category='automation' type='rpc' name='Build \"x\"'/>" + "<feature var='"
                        + DISCO + "info'/><feature var='" + DISCO + "items'/></query>");
    }

    @Test
    void aNodeIsAResourcesMatter() throws Exception {
        start(List.of(LocalAnswer.DISCO));
        announced(Map.of(A, List.of("urn:a")));
        for (String kind : List.of("info", "items")) {
            assertForwarded("get", "proxy.example", "<query xmlns='" + DISCO + kind + "' node='commands'/>");
            assertThat(result("<query xmlns='" + DISCO + kind + "' node=''/>")).contains(DISCO + kind);
        }
    }

    @Test
    void itHasWhatAllResourcesHave() throws Exception {
        start(List.of(LocalAnswer.DISCO));
        announced(Map.of(A, List.of("urn:both", "urn:a"), B, List.of("urn:b", "urn:both")));
        assertThat(features(result(INFO))).containsExactly(DISCO + "info", DISCO + "items", "urn:both");
        proxy.leaves(B);
        assertThat(features(result(INFO))).containsExactly(DISCO + "info", DISCO + "items", "urn:a", "urn:both");
        // Of a session that has just come it is not known yet.
        proxy.comes(B);
        Stanza question = proxy.onlySent();
        assertThat(features(result(INFO))).contains("urn:a", "urn:both");
        announce(question, List.of("urn:c"));
        assertThat(features(result(INFO))).containsExactly(DISCO + "info", DISCO + "items");
        proxy.proxy.retire(Jid.parse(B));
        proxy.loop.runDue();
        assertThat(features(result(INFO))).contains("urn:a", "urn:both");
    }

    /** The hash of XEP-0115 §5.1, by its own words. */
    private static String hash(String info) throws Exception {
        Matcher identity = Pattern.compile("<identity category='([^']*)' type='([^']*)'(?: name='([^']*)')?/>")
                .matcher(info);
        assertThat(identity.find()).isTrue();
        String name = identity.group(3) == null ? "" : identity.group(3);
        // In these tests each is ASCII.
        String text = identity.group(1) + "/" + identity.group(2) + "//" + name + "<"
                + features(info).stream().sorted().map(each -> each + "<").collect(Collectors.joining());
        byte[] hash = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
        return Base64.getEncoder().encodeToString(hash);
    }

    private Matcher shown() {
        proxy.pass(Duration.ofSeconds(7));
        List<Stanza> sent = proxy.stream().takeSent();
        String content = new String(sent.get(sent.size() - 1).content(), StandardCharsets.UTF_8);
        Matcher caps = Pattern.compile("<c xmlns='[^']*' hash='sha-1' node='([^']*)' ver='([^']*)'/>")
                .matcher(content);
        assertThat(caps.find()).as(content).isTrue();
        return caps;
    }

    /** Whoever has the proxy host in the roster reads its hash, and asks what it stands for. */
    @Test
    void whatItsPresenceAnnouncesIsWhatItAnswers() throws Exception {
        start(List.of(LocalAnswer.DISCO), each -> each.with(PresenceKeys.PRESENCE, Set.of(PresenceUse.SERVICE))
                .with(AnswerKeys.IDENTITY, AnswerKeys.IDENTITY.parse("component/generic/Builds")));
        // What the resources announce alike is theirs, and so is not shown.
        announced(Map.of(A, List.of("urn:both", "urn:a"), B, List.of("urn:b", "urn:both")));
        proxy.receive("<presence from='" + ALICE + "' to='proxy.example' type='subscribe'/>");
        Matcher first = shown();
        String info = result(INFO);
        assertThat(first.group(2)).isEqualTo(hash(info));
        assertThat(features(info)).contains("http://jabber.org/protocol/caps", "urn:both");
        String node = first.group(1) + "#" + first.group(2);
        String asked = "<query xmlns='" + DISCO + "info' node='" + node + "'/>";
        assertThat(result(asked)).isEqualTo(info.replace("info'>", "info' node='" + node + "'>"));
        proxy.leaves(B);
        Matcher second = shown();
        assertThat(second.group(2)).isNotEqualTo(first.group(2)).isEqualTo(hash(result(INFO)));
        // Whoever has not read the new one yet may ask for the old one.
        assertThat(hash(result(asked))).isEqualTo(first.group(2));
        assertForwarded("get", "proxy.example", asked.replace("info", "items"));
        assertForwarded("get", "proxy.example", "<query xmlns='" + DISCO + "info' node='" + first.group(1) + "#x'/>");
        adjust(each -> each.with(AnswerKeys.ANSWER, List.of()));
        proxy.pass(Duration.ofSeconds(7));
        List<Stanza> sent = proxy.stream().takeSent();
        assertThat(sent)
                .isNotEmpty()
                .allSatisfy(each -> assertThat(each.content()).asString().doesNotContain(first.group(1)));
        assertForwarded("get", "proxy.example", asked);
    }

    @Test
    void whoAnnouncesNothingTakesFromTheOthers() throws Exception {
        start(List.of(LocalAnswer.DISCO));
        announced(Map.of(A, List.of("urn:a"), B, List.of()));
        assertThat(features(result(INFO))).containsExactly(DISCO + "info", DISCO + "items");
    }

    @ParameterizedTest
    @EnumSource(names = {"PREFER", "REQUIRE"})
    void itHasWhatOneHasWhereRequestsGoToThatOne(FeatureUse use) throws Exception {
        start(List.of(LocalAnswer.DISCO), each -> each.with(WorkerKeys.FEATURES, use));
        announced(Map.of(A, List.of("urn:both", "urn:a"), B, List.of("urn:b", "urn:both")));
        assertThat(features(result(INFO)))
                .containsExactly(DISCO + "info", DISCO + "items", "urn:a", "urn:b", "urn:both");
    }

    @Test
    void whoMayNotSendRequestsIsRefused() throws Exception {
        start(ALL, each -> each.with(RouteKeys.DENY, List.of(Jid.parse("some.example"))));
        proxy.ready();
        assertError(answer(PING), Condition.FORBIDDEN, StanzaError.Type.AUTH);
        assertThat(proxy.proxy.counters().local().refusals()).isEqualTo(1);
        adjust(each -> each.with(RouteKeys.DENY, List.of()));
        assertThat(result(PING)).isEmpty();
    }

    @Test
    void whoAsksAtTheStopHearsOfIt() throws Exception {
        start(ALL);
        proxy.ready();
        proxy.pendingRequests().drain();
        assertError(answer(PING), Condition.RECIPIENT_UNAVAILABLE, StanzaError.Type.WAIT);
    }

    @Test
    void itIsSwitchedOnAndOffWithoutABreak() throws Exception {
        start(List.of());
        proxy.ready(A);
        assertForwarded("get", "proxy.example", INFO);
        adjust(each -> each.with(AnswerKeys.ANSWER, List.of(LocalAnswer.DISCO)));
        announce(proxy.onlySent(), List.of("urn:a"));
        assertThat(features(result(INFO))).contains("urn:a");
        proxy.comes(B);
        Stanza open = proxy.onlySent();
        adjust(each -> each.with(AnswerKeys.ANSWER, List.of(LocalAnswer.PING)));
        // An answer to what nobody wants to know any more.
        announce(open, List.of("urn:b"));
        assertForwarded("get", "proxy.example", INFO);
        proxy.pass(Duration.ofMinutes(2));
        assertThat(proxy.sent()).as("nobody is asked any more").isEmpty();
        adjust(each -> each.with(AnswerKeys.ANSWER, List.of(LocalAnswer.DISCO)));
        assertThat(proxy.sent()).extracting(Stanza::to).containsExactlyInAnyOrder(A, B);
    }

    @Test
    void itAnswersWhileItsRoutesAreStopped() throws Exception {
        start(List.of(LocalAnswer.PING));
        proxy.ready(A);
        Thread stopper = new Thread(() -> {
            try {
                proxy.context.getRouteController().stopAllRoutes();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        stopper.start();
        while (stopper.isAlive()) {
            proxy.loop.advance(Duration.ofMillis(10));
            Thread.onSpinWait();
        }
        assertThat(result(PING)).isEmpty();
        proxy.get(ALICE, "1");
        assertError(proxy.onlySent(), Condition.RECIPIENT_UNAVAILABLE, StanzaError.Type.WAIT);
    }

    /** Whatever resources say of themselves, and whatever id the question has, the answer has room in a stanza. */
    @Test
    void theAnswerAlwaysHasRoomInAStanza() throws Exception {
        start(List.of(LocalAnswer.DISCO), each -> each.with(WorkerKeys.FEATURES, FeatureUse.PREFER)
                .with(ServerKeys.MAX_STANZA_SIZE, 10_000));
        List<String> many =
                IntStream.range(0, 900).mapToObj(i -> "urn:&lt;&apos;é" + i).toList();
        announced(Map.of(A, many, B, List.of("urn:" + "x".repeat(9_000))));
        for (int length = 0; length < 9_900; length += 450) {
            proxy.receive("<iq type='get' id='" + "i".repeat(length) + "' from='" + ALICE + "' to='proxy.example'>"
                    + INFO + "</iq>");
            Stanza answer = proxy.onlySent();
            assertThat(answer.octets()).isLessThanOrEqualTo(10_000);
            assertThat(answer.id()).hasSize(length);
            if ("result".equals(answer.type())) {
                assertThat(new String(answer.content(), StandardCharsets.UTF_8)).contains("var='" + DISCO + "info'");
            } else {
                assertThat(length).isGreaterThan(9_000);
            }
        }
    }

    @Test
    void noMoreFeaturesAreNamedThanAreBelieved() throws Exception {
        start(List.of(LocalAnswer.DISCO), each -> each.with(WorkerKeys.FEATURES, FeatureUse.PREFER));
        announced(Map.of(
                A, IntStream.range(0, 900).mapToObj(i -> "urn:a" + i).toList(),
                B, IntStream.range(0, 900).mapToObj(i -> "urn:b" + i).toList()));
        assertThat(features(result(INFO))).hasSize(1000);
    }
}
