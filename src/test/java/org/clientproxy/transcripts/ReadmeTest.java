package org.clientproxy.transcripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.clientproxy.config.ProxyConfiguration;
import org.clientproxy.proxy.settings.ProxySettings;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The README is short, and what it tells a newcomer to write and to run is what tests and CI write and run. */
class ReadmeTest {
    private static String readme;

    @BeforeAll
    static void read() throws Exception {
        readme = Files.readString(Path.of("README.md"));
    }

    /** The commands in it that begin so. */
    private static List<String> commands(String begin) {
        return readme.lines()
                .filter(line -> line.startsWith("    " + begin))
                .map(String::strip)
                .toList();
    }

    @Test
    void isShort() {
        assertThat(readme.lines().count()).isLessThan(200);
    }

    @Test
    void itsSmallestConfigurationIsOne() throws Exception {
        Matcher sample =
                Pattern.compile("```properties\n(.*?)```", Pattern.DOTALL).matcher(readme);
        assertThat(sample.find()).isTrue();
        Properties keys = new Properties();
        keys.load(new StringReader(sample.group(1)));
        assertThat(keys).hasSize(3);
        Map<String, String> all = new HashMap<>();
        keys.forEach((key, value) -> all.put(key.toString(), value.toString()));
        ProxySettings settings = ProxyConfiguration.read(all, Map.of()).get(0);
        assertThat(settings.domain()).hasToString("proxy.localhost");
        assertThat(settings.target()).hasToString("worker@localhost");
    }

    /** {@code PackagedJarIT} starts the jar with variables like these. */
    @Test
    void itsVariablesAreSuchAConfigurationToo() {
        Map<String, String> environment = new HashMap<>();
        for (String word : commands("XMPP_SECRET=").get(0).split(" ")) {
            if (word.contains("=")) {
                environment.put(word.substring(0, word.indexOf('=')), word.substring(word.indexOf('=') + 1));
            }
        }
        assertThat(ProxyConfiguration.read(Map.of(), environment)).hasSize(1);
    }

    /** But for flags that make Maven say less. {@code verify} packages what {@code package} does. */
    @Test
    void itsCommandsOfMavenAreThoseOfCi() throws Exception {
        String ci = Files.readString(Path.of(".ci/run")).replace(" -B -ntp", "").replace(" </dev/null", "");
        assertThat(commands("mvn "))
                .contains("mvn -q test-compile exec:java -Dexec.args=--once", "mvn verify")
                .allMatch(command -> command.equals("mvn package -DskipTests") || ci.contains("\n" + command));
    }

    @Test
    void itsCommandsOfServersAreThoseThatTestsRun() throws Exception {
        String servers = Files.readString(Path.of("docs/servers.md"));
        assertThat(commands("prosodyctl ")).hasSize(1).allMatch(command -> servers.contains("\n    " + command + "\n"));
        assertThat(commands("ejabberdctl "))
                .hasSize(1)
                .allMatch(command -> servers.contains("\n    " + command + "\n"));
    }

    @Test
    void itStartsTheWorkersAsTheirOwnPageDoes() throws Exception {
        String page = Files.readString(Path.of("examples/README.md"));
        assertThat(commands("XMPP_PASSWORD=")).hasSize(2).allMatch(command -> page.contains("\n    " + command + "\n"));
    }

    /** {@code KarafIT} types those of that page. */
    @Test
    void itInstallsInKarafAsThePageOfDeploymentDoes() throws Exception {
        String page = Files.readString(Path.of("docs/deploying.md"));
        assertThat(commands("karaf@root()> ")).hasSize(2).allMatch(command -> page.contains("\n    " + command + "\n"));
    }
}
