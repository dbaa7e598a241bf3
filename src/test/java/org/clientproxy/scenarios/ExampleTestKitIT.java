package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The test kit as others have it: a project outside ours that has its jar, ours, and nothing of our tests. */
class ExampleTestKitIT {
    @TempDir
    Path directory;

    @Test
    void theProjectOfTheExamplesBuildsAndPasses() throws Exception {
        Path log = directory.resolve("log");
        Process maven = new ExampleProject("testkit").start("mvn -f examples/testkit test", Map.of(), log);
        try {
            assertThat(maven.waitFor(5, TimeUnit.MINUTES)).isTrue();
        } finally {
            maven.destroyForcibly();
        }
        assertThat(Files.readString(log)).contains("Tests run: 3, Failures: 0, Errors: 0, Skipped: 0", "BUILD SUCCESS");
    }

    @Test
    void theJarHasTheServerAloneAndTheSourcesOfAllOfIt() throws Exception {
        try (ZipFile jar = new ZipFile("target/camel-client-proxy-testkit.jar");
                ZipFile sources = new ZipFile("target/camel-client-proxy-testkit-sources.jar")) {
            assertThat(jar.stream().filter(entry -> !entry.isDirectory()).map(Object::toString))
                    .contains("org/clientproxy/loopback/LoopbackServer.class")
                    .allMatch(file -> file.startsWith("org/clientproxy/loopback/") || file.startsWith("META-INF/"))
                    .noneMatch(file -> file.contains("Test") || file.contains("Fixture"))
                    .allMatch(file -> file.startsWith("META-INF/")
                            || sources.getEntry(file.replaceAll("(\\$.*)?\\.class$", ".java")) != null);
        }
    }
}
