package org.clientproxy.proxy.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.clientproxy.proxy.ProxyFixture.A;
import static org.clientproxy.proxy.ProxyFixture.ALICE;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.PluginHelper;
import org.clientproxy.proxy.ProxyFixture;
import org.clientproxy.proxy.ProxyRequestsTest;
import org.clientproxy.proxy.SettingsBuilder;
import org.clientproxy.xmpp.StanzaError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code routes/client-proxy.yaml} is the same flow as the built-in routes, and works. */
public class RoutesTwinTest {
    private static final String FILE = "file:routes/client-proxy.yaml";

    @TempDir
    Path dataDir;

    @Test
    void theYamlRoutesAreTheBuiltInOnes() throws Exception {
        try (ProxyFixture java = ProxyFixture.start(
                        dataDir,
                        settings -> new SettingsBuilder(settings).routes("java").build());
                ProxyFixture yaml = ProxyFixture.start(
                        dataDir,
                        settings -> new SettingsBuilder(settings).routes(FILE).build())) {
            Map<String, String> built = dump(java.context);
            assertThat(built).hasSize(3);
            assertThat(dump(yaml.context)).isEqualTo(built);
        }
    }

    @Test
    void aFileWithoutOneOfTheRoutesStopsTheStart(@TempDir Path directory) throws Exception {
        String yaml = Files.readString(Path.of("routes/client-proxy.yaml"));
        Path file = Files.writeString(
                directory.resolve("proxy.yaml"),
                yaml.replace("id: \"{{proxy.name}}-correlate\"", "id: proxy-corelate"));
        assertThatThrownBy(() -> ProxyFixture.start(dataDir, settings -> new SettingsBuilder(settings)
                        .routes("file:" + file)
                        .build()))
                .hasMessageContaining("without the route proxy-correlate; take it over from routes/client-proxy.yaml");
    }

    @Test
    void aFileThatLeavesFailuresUnansweredStopsTheStart(@TempDir Path directory) throws Exception {
        String yaml = Files.readString(Path.of("routes/client-proxy.yaml"));
        for (String part : List.of(
                "&exceptionHandler=#{{proxy.name}}-to-failures",
                "            aggregateController: \"#{{proxy.name}}-correlate\"\n")) {
            assertThat(yaml).contains(part);
            Path file = Files.writeString(directory.resolve("proxy.yaml"), yaml.replace(part, ""));
            assertThatThrownBy(() -> ProxyFixture.start(dataDir, settings -> new SettingsBuilder(settings)
                            .routes("file:" + file)
                            .build()))
                    .hasMessageContaining(part.replace("{{proxy.name}}", "proxy")
                            .replaceAll("[&\"\\s]", "")
                            .replace(":#", ": #"))
                    .hasMessageContaining("has no answer");
        }
    }

    @Test
    void aFilterThatTheFileLeavesOutStopsTheStart(@TempDir Path directory) throws Exception {
        assertThatThrownBy(() -> ProxyFixture.start(dataDir, settings -> new SettingsBuilder(settings)
                        .accept("/*[@type='get']")
                        .routes(FILE)
                        .build()))
                .hasMessageContaining("the route proxy-stanzas, which has no step proxy-accept");
        String yaml = Files.readString(Path.of("routes/client-proxy.yaml"));
        Path file = Files.writeString(
                directory.resolve("proxy.yaml"),
                yaml.replaceAll(
                        "(?m)^( +)# (- validate:|    id: .*-accept(-message)?\"|    description: What|    xpath:|      expression: )",
                        "$1$2"));
        try (ProxyFixture proxy = ProxyFixture.start(dataDir, settings -> new SettingsBuilder(settings)
                        .accept("/*[@type='get']")
                        .routes("file:" + file)
                        .build())
                .ready(A)) {
            proxy.set(ALICE, "1");
            ProxyRequestsTest.assertError(
                    proxy.onlySent(), StanzaError.Condition.NOT_ACCEPTABLE, StanzaError.Type.MODIFY);
            proxy.get(ALICE, "2");
            assertThat(proxy.onlySent().to()).isEqualTo(A);
        }
    }

    @Test
    void routesWrittenInXmlWorkToo(@TempDir Path directory) throws Exception {
        StringBuilder xml = new StringBuilder("<routes xmlns='http://camel.apache.org/schema/xml-io'>");
        try (ProxyFixture java = ProxyFixture.start(dataDir)) {
            for (RouteDefinition route : routes(java.context)) {
                xml.append(PluginHelper.getModelToXMLDumper(java.context)
                        .dumpModelAsXml(java.context, route, false, false, false)
                        .replaceFirst("<\\?xml.*?\\?>", ""));
            }
        }
        Path file = Files.writeString(directory.resolve("proxy.xml"), xml.append("</routes>"));
        try (ProxyFixture proxy = ProxyFixture.start(
                dataDir,
                settings -> new SettingsBuilder(settings).routes("file:" + file).build())) {
            assertThat(routes(proxy.context)).hasSize(3);
            proxy.ready(A);
            proxy.get(ALICE, "1");
            proxy.result(proxy.onlySent());
            assertThat(proxy.onlySent()).matches(answer -> ALICE.equals(answer.to()) && "1".equals(answer.id()));
        }
    }

    @Test
    void everyRouteAndStepHasAnIdAndADescription() throws Exception {
        try (ProxyFixture proxy = ProxyFixture.start(dataDir, settings -> new SettingsBuilder(settings)
                .routes("java")
                .accept("true()")
                .build())) {
            for (RouteDefinition route : routes(proxy.context)) {
                assertThat(route.getRouteId()).matches("proxy(-[a-z]+)+");
                assertThat(route.getDescriptionText()).as(route.getRouteId()).isNotBlank();
                for (ProcessorDefinition<?> step :
                        ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ProcessorDefinition.class)) {
                    assertThat(step.getId()).matches("proxy(-[a-z]+)+");
                    assertThat(step.getDescriptionText()).as(step.getId()).isNotBlank();
                }
            }
        }
    }

    @Test
    void theYamlRoutesProxyARequest() throws Exception {
        try (ProxyFixture proxy = ProxyFixture.start(
                dataDir, settings -> new SettingsBuilder(settings).routes(FILE).build())) {
            proxy.ready(A);
            proxy.get(ALICE, "1");
            proxy.result(proxy.onlySent());
            assertThat(proxy.onlySent()).matches(answer -> ALICE.equals(answer.to()) && "1".equals(answer.id()));
        }
    }

    private static List<RouteDefinition> routes(CamelContext context) {
        return context.getCamelContextExtension().getContextPlugin(Model.class).getRouteDefinitions();
    }

    public static Map<String, String> dump(CamelContext context) throws Exception {
        Map<String, String> dumps = new TreeMap<>();
        for (RouteDefinition route : routes(context)) {
            dumps.put(
                    route.getRouteId(),
                    PluginHelper.getModelToYAMLDumper(context)
                            .dumpModelAsYaml(context, route, false, false, false, false));
        }
        return dumps;
    }
}
