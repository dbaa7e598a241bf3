package org.clientproxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
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
    void theStatefulSetOfKubernetesNamesWhatThereIs() throws Exception {
        Matcher block = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("docs/kubernetes.md")));
        // The second one: the first is of a single proxy.
        assertThat(block.find()).isTrue();
        assertThat(block.find()).isTrue();
        List<Map<?, ?>> objects = new ArrayList<>();
        for (Object each : new Load(LoadSettings.builder().build()).loadAllFromString(block.group(1))) {
            objects.add((Map<?, ?>) each);
        }
        assertThat(objects.stream().map(each -> "" + each.get("kind")))
                .containsExactly("Service", "StatefulSet", "PodDisruptionBudget");
        Map<?, ?> set = map(objects.get(1), "spec");
        assertThat(set.get("serviceName"))
                .isEqualTo(map(objects.get(0), "metadata").get("name"));
        Map<?, ?> pod = map(map(set, "template"), "spec");
        Map<?, ?> container = (Map<?, ?>) ((List<?>) pod.get("containers")).get(0);
        Map<String, Object> environment = new HashMap<>();
        for (Object each : (List<?>) container.get("env")) {
            environment.put(((Map<?, ?>) each).get("name").toString(), ((Map<?, ?>) each).get("value"));
        }
        assertThat(environment.get("PROXY_CLUSTER_NODES").toString().split(","))
                .hasSize((Integer) set.get("replicas"))
                .allMatch(node -> node.matches("client-proxy-\\d\\.client-proxy-nodes:7800"));
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
    void theComposeFileOfThreeNodesNamesWhatThereIsAndIsAccepted() throws Exception {
        Map<?, ?> services = map(read(Files.readString(COMPOSE.resolveSibling("nodes.yaml"))), "services");
        for (String node : List.of("node-1", "node-2", "node-3")) {
            Map<String, String> environment = new HashMap<>();
            Map<?, ?> own = map(map(services, node), "environment");
            // This reader knows no merging, unlike Compose.
            Map<?, ?> same = own.containsKey("<<") ? map(own, "<<") : Map.of();
            same.forEach((name, value) -> environment.put(name.toString(), value.toString()));
            own.forEach((name, value) -> environment.put(name.toString(), value.toString()));
            environment.remove("<<");
            assertThat(environment.keySet()).isSubsetOf(variables());
            assertThat(environment.get("PROXY_CLUSTER_BIND")).isEqualTo(node + ":7800");
            assertThat(ProxyConfiguration.read(Map.of(), environment)).hasSize(1);
        }
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
