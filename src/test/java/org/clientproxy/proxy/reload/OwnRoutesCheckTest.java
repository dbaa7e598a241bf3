package org.clientproxy.proxy.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.clientproxy.proxy.ProxyFixture;
import org.clientproxy.proxy.SettingsBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    private static String shipped() throws Exception {
        return Files.readString(Path.of("routes/client-proxy.yaml"));
    }

    /** The step with all lines that are deeper than its first one. */
    private static String without(String step) throws Exception {
        String cut = shipped()
                .replaceFirst("(?m)^( +)- \\w+:\\n\\1 +id: \"\\{\\{proxy.name}}-" + step + "\"\\n(\\1 +.*\\n)+", "");
        // Camel takes no empty list of steps.
        return cut.replaceFirst("(?m)^( +)steps:\\n(?!\\1 +)", "$1steps:\n$1  - log: nothing\n");
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
        "stanzas, answer-locally, gets no answer",
        "stanzas, send-local-answer, gets no answer",
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
