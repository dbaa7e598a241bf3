package org.clientproxy.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the documents tell an operator to write is what the tests run with. */
class DocumentedFragmentsTest {
    @ParameterizedTest
    @ValueSource(strings = {"prosody-component.cfg.lua", "ejabberd-component.yml"})
    void theDocumentsShowTheFragmentsThatTheTestsUse(String fragment) throws Exception {
        String used = Files.readString(Path.of("src/test/resources/servers", fragment));
        assertThat(Files.readString(Path.of("README.md"))).contains("\n" + used + "```");
        assertThat(Files.readString(Path.of("docs/servers.md"))).contains("\n" + used + "```");
    }

    @Test
    void thePageOfServersShowsTheTlsThatItsTestRunsWith() throws Exception {
        String used = Files.readString(Path.of("src/test/resources/servers/ejabberd-component-tls.yml"));
        assertThat(Files.readString(Path.of("docs/servers.md"))).contains("\n" + used + "```");
    }

    @ParameterizedTest
    @ValueSource(strings = {"before.cfg.lua", "client-proxy.cfg.lua", "application.properties"})
    void thePageForJitsiShowsWhatItsTestRunsWith(String sample) throws Exception {
        String used = Files.readString(Path.of("src/test/resources/jitsi", sample));
        assertThat(Files.readString(Path.of("docs/jitsi.md"))).contains("\n" + used + "```");
    }
}
