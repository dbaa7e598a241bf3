package org.clientproxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.clientproxy.proxy.settings.ConfigKeys;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The files by which others than Maven start the proxy name what there is: keys, programs, a user and other files. */
class DeploymentFilesTest {
    private static final Path COMPOSE = Path.of("examples/compose/compose.yaml");
    private static final Pattern VARIABLE = Pattern.compile("\\b(?:XMPP|PROXY)_[A-Z_]+\\b");
    private static final Pattern PROGRAM = Pattern.compile("/usr/share/client-proxy/(bin/[a-z-]+)");

    @Test
    void theDeploymentOfKubernetesNamesWhatThereIs() throws Exception {
        Matcher block = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("docs/kubernetes.md")));
        assertThat(block.find()).isTrue();
        Map<?, ?> pod = map(map(map(read(block.group(1)), "spec"), "template"), "spec");
        assertThat(pod.get("enableServiceLinks")).isEqualTo(false);
        String user = Files.readString(Path.of("src/image/build"));
        assertThat(user).contains("\"User\":\"" + map(pod, "securityContext").get("runAsUser") + ":");
        assertThat(VARIABLE.matcher(block.group(1).replaceAll("#.*", ""))
                        .results()
                        .map(found -> found.group()))
                .isNotEmpty()
                .isSubsetOf(variables());
        assertThat(PROGRAM.matcher(block.group(1)).results().map(found -> Path.of("src/dist", found.group(1))))
                .hasSize(3)
                .allSatisfy(program -> assertThat(program).isExecutable());
    }

    @Test
    void theComposeFileNamesWhatThereIs() throws Exception {
        Map<?, ?> services = map(read(Files.readString(COMPOSE)), "services");
        assertThat(map(map(services, "proxy"), "environment").keySet())
                .map(Object::toString)
                .isSubsetOf(variables());
        for (Object service : services.values()) {
            if (((Map<?, ?>) service).get("volumes") instanceof List<?> volumes) {
                for (Object volume : volumes) {
                    String source = volume.toString().split(":", 2)[0];
                    assertThat(!source.startsWith(".") || Files.exists(COMPOSE.resolveSibling(source)))
                            .as(source)
                            .isTrue();
                }
            }
        }
    }

    /** The keys, as names of environment variables. */
    private static List<String> variables() {
        return ConfigKeys.all().stream()
                .map(key -> key.key().toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_'))
                .collect(Collectors.toList());
    }

    private static Map<?, ?> read(String yaml) {
        return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(yaml);
    }

    private static Map<?, ?> map(Map<?, ?> map, String key) {
        return (Map<?, ?>) map.get(key);
    }
}
