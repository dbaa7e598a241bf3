package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The samples of {@code docs/testkit.md} are the classes of {@code examples/testkit}, whose tests this build runs as its own. */
class TestKitSamplesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "main/java/org/example/GreetingsOnly",
                "test/java/org/example/GreetingsOnlyTest",
                "test/java/org/example/GreeterTest",
                "test/java/org/example/EchoTest"
            })
    void thePageShowsTheClass(String name) throws Exception {
        String source = Files.readString(Path.of("examples/testkit/src/" + name + ".java"));
        String shown = source.substring(source.lastIndexOf("\n", source.indexOf("class ")) + 1);
        assertThat(Files.readString(Path.of("docs/testkit.md"))).contains("```java\n" + shown + "```");
    }

    @Test
    void theBuildCompilesAndRunsThem() throws Exception {
        assertThat(Files.readString(Path.of("pom.xml")))
                .contains("<source>examples/testkit/src/main/java</source>")
                .contains("<source>examples/testkit/src/test/java</source>");
    }
}
