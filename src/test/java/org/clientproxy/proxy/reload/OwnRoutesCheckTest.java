package org.clientproxy.proxy.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.clientproxy.proxy.ProxyFixture;
import org.clientproxy.proxy.SettingsBuilder;
import org.clientproxy.proxy.settings.AnswerKeys;
import org.clientproxy.proxy.settings.LocalAnswer;
import org.clientproxy.proxy.settings.MessageKeys;
import org.clientproxy.proxy.settings.PresenceKeys;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.ReverseKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file whose routes leave a request without its end is not taken, and the operator reads why. */
class OwnRoutesCheckTest {
    @TempDir
    Path directory;

    private void assertRefused(String yaml, String... said) throws Exception {
        assertThat(yaml).isNotEqualTo(shipped());
        Path file = Files.writeString(directory.resolve("routes.yaml"), yaml);
        assertThatThrownBy(() -> ProxyFixture.start(directory, settings -> new SettingsBuilder(settings)
                                .routes("file:" + file)
                                .build())
                        .close())
                .message()
                .contains("proxy.routes=file:" + file)
                .contains(said);
    }

    @ParameterizedTest
    @CsvSource({
        "service, receive-service-presence, sees whether the service is there",
        "relay, relay-presence, is not passed on",
        "relay, send-presence, goes to nobody",
    })
    void aStepForPresenceIsMissingWhereItIsWanted(String presence, String step, String why) throws Exception {
        Path file = Files.writeString(directory.resolve("routes.yaml"), without(step));
        assertThatThrownBy(() -> ProxyFixture.start(directory, settings -> routes(settings, file)
                                .with(PresenceKeys.PRESENCE, PresenceKeys.PRESENCE.parse(presence)))
                        .close())
                .message()
                .contains("without the step proxy-" + step, ", which proxy.presence wants; without it ", why);
        // A file from before that was there is as good as ever.
        ProxyFixture.start(directory, settings -> routes(settings, file)).close();
    }

    /** What each branch holds, and a key that wants it. */
    private static final Map<String, List<String>> BRANCHES = Map.of(
            "is-reverse", List.of("admit-reverse", "translate-reverse", "open-reverse", "send-reverse"),
            "is-message", List.of("admit-message", "choose-holder", "translate-message", "send-message"),
            "is-reverse-message", List.of("admit-reverse-message", "translate-reverse-message", "send-reverse-message"),
            "is-answered-here", List.of("answer-locally", "send-local-answer"));

    /** As from before any of that was there. */
    private Path old() throws Exception {
        String yaml = shipped();
        for (List<String> branch : BRANCHES.values()) {
            for (String step : branch) {
                yaml = without(step, yaml);
            }
        }
        return Files.writeString(directory.resolve("routes.yaml"), yaml);
    }

    private static ProxySettings off(ProxySettings settings) {
        return settings.with(ReverseKeys.REVERSE, false)
                .with(MessageKeys.MESSAGES, false)
                .with(AnswerKeys.ANSWER, List.of());
    }

    private static ProxySettings wanting(String key, ProxySettings settings) {
        return switch (key) {
            case "proxy.reverse" -> settings.with(ReverseKeys.REVERSE, true);
            case "proxy.messages" -> settings.with(MessageKeys.MESSAGES, true);
            default -> settings.with(AnswerKeys.ANSWER, List.of(LocalAnswer.PING));
        };
    }

    @Test
    void aFileFromBeforeGoesOnWhereTheKeysAreOff() throws Exception {
        Path file = old();
        ProxyFixture.start(directory, settings -> off(routes(settings, file))).close();
        // Of the two marks of a comment for proxy.accept, the first one is enough.
        Files.writeString(
                file,
                Files.readString(file)
                        .replaceFirst(
                                "# - validate:\\n( +)#( +id.*)\\n +#( +desc.*)\\n +#( +xpath:)\\n +#( +exp.*)\\n",
                                "- validate:\n$1$2\n$1$3\n$1$4\n$1$5\n"));
        ProxyFixture.start(
                        directory,
                        settings -> off(new SettingsBuilder(routes(settings, file))
                                .accept("/*")
                                .build()))
                .close();
    }

    @ParameterizedTest
    @CsvSource({
        "proxy.reverse, is-reverse, admit-reverse",
        "proxy.messages, is-message, admit-message",
        "proxy.answer, is-answered-here, answer-locally"
    })
    void aFileFromBeforeIsRefusedForEachKeyThatWantsMore(String key, String branch, String step) throws Exception {
        Path file = old();
        assertThatThrownBy(() -> ProxyFixture.start(directory, settings -> wanting(key, off(routes(settings, file))))
                        .close())
                .message()
                .contains("without the step proxy-" + step + " in the branch proxy-" + branch + ", which " + key
                        + " wants; without it ")
                .endsWith("or turn " + key + " off");
        ProxySettings off = off(routes(ProxyFixture.settings(directory), file));
        assertThatThrownBy(() -> RouteFiles.checkEdit(off, wanting(key, off)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("proxy-" + branch);
        // What is missing is not the edit's matter.
        RouteFiles.checkEdit(wanting(key, off), wanting(key, off));
    }

    @ParameterizedTest
    @ValueSource(strings = {"is-reverse", "is-message", "is-reverse-message", "is-answered-here"})
    void eachStepOfABranchIsNeeded(String branch) throws Exception {
        for (String step : BRANCHES.get(branch)) {
            Path file = Files.writeString(directory.resolve("routes.yaml"), without(step));
            assertThatThrownBy(() -> ProxyFixture.start(
                                    directory,
                                    settings ->
                                            wanting("proxy.answer", wanting("proxy.messages", routes(settings, file))))
                            .close())
                    .message()
                    .contains("without the step proxy-" + step + " in the branch proxy-" + branch);
        }
    }

    private static ProxySettings routes(ProxySettings settings, Path file) {
        return new SettingsBuilder(settings).routes("file:" + file).build();
    }

    private static String shipped() throws Exception {
        return Files.readString(Path.of("routes/client-proxy.yaml"));
    }

    /** The step with all lines that are deeper than its first one. */
    private static String without(String step) throws Exception {
        return without(step, shipped());
    }

    private static String without(String step, String yaml) {
        String cut = yaml.replaceFirst(
                "(?m)^( +)- \\w+:\\n\\1 +id: \"\\{\\{proxy.name}}-" + step + "\"\\n(\\1 +.*\\n)+", "");
        // Camel takes no empty list of steps.
        return cut.replaceFirst("(?m)^( +)steps:\\n(?!(\\1 +#.*\\n)*\\1 +[^# ])", "$1steps:\n$1  - log: nothing\n");
    }

    @ParameterizedTest
    @CsvSource({
        "stanzas, admit, none is answered",
        "stanzas, choose, no resource to go to",
        "stanzas, translate, its reply has no key",
        "stanzas, open, its reply finds nothing",
        "stanzas, send-request, a request goes to nobody",
        "stanzas, complete, a reply does not end its request",
        "stanzas, receive-presence, nobody is known to be there",
        "stanzas, answer-unsupported, gets no right answer",
        "stanzas, send-refusal, gets no answer",
        "correlate, decide, nothing is done",
        "correlate, translate-reply, does not bear the requester's address",
        "correlate, send-answer, the requester gets no answer",
        "correlate, next-choose, has no resource to go to",
        "correlate, next-translate, does not bear the resource's address",
        "correlate, open-next, has no answer",
        "correlate, send-next, goes to nobody",
        "failures, fail, has no answer",
        "failures, settle, stays pending",
        "failures, send-failure, has no answer",
    })
    void aStepIsMissing(String route, String step, String why) throws Exception {
        assertRefused(
                without(step),
                "hold the route proxy-" + route + " without the step proxy-" + step + "; without it ",
                why,
                "Take it over from routes/client-proxy.yaml");
    }

    @Test
    void aStepIsDisabled() throws Exception {
        String id = "id: \"{{proxy.name}}-send-request\"\n";
        assertRefused(
                shipped().replace(id, id + "                      disabled: true\n"),
                "without the step proxy-send-request");
    }

    @Test
    void stepsAreInTheWrongOrder() throws Exception {
        assertRefused(
                shipped()
                        .replace("{{proxy.name}}-choose\"", "X\"")
                        .replace("{{proxy.name}}-translate\"", "{{proxy.name}}-choose\"")
                        .replace("X\"", "{{proxy.name}}-translate\""),
                "with the step proxy-translate too early");
    }

    @Test
    void endingsFindNoRoute() throws Exception {
        assertRefused(
                shipped().replace("uri: direct:{{proxy.name}}-failures", "uri: direct:other"),
                "hold the route proxy-failures with another from than direct:proxy-failures");
    }

    @ParameterizedTest
    @CsvSource({"aggregationStrategy, correlation", "aggregationRepository, pending-requests"})
    void theAggregateIsAnotherOne(String option, String bean) throws Exception {
        assertRefused(
                shipped().replace(option + ": \"{{proxy.name}}-" + bean + '"', option + ": other"),
                "whose aggregate is without " + option + ": proxy-" + bean);
    }
}
