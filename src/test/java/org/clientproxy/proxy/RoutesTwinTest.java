package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clientproxy.proxy.ProxyFixture.A;
import static org.clientproxy.proxy.ProxyFixture.ALICE;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code routes/client-proxy.yaml} is the same flow as the built-in routes, and works. */
class RoutesTwinTest {
    private static final String FILE = "file:routes/client-proxy.yaml";

    @TempDir
    Path dataDir;

    @Test
    void theYamlRoutesAreTheBuiltInOnes() throws Exception {
        try (ProxyFixture java = ProxyFixture.start(dataDir);
                ProxyFixture yaml = ProxyFixture.start(
                        dataDir,
                        settings -> new SettingsBuilder(settings).routes(FILE).build())) {
            Map<String, String> built = dump(java.context);
            assertThat(built).hasSize(9);
            assertThat(dump(yaml.context)).isEqualTo(built);
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

    private static Map<String, String> dump(CamelContext context) throws Exception {
        Map<String, String> dumps = new TreeMap<>();
        Model model = ((ModelCamelContext) context).getCamelContextExtension().getContextPlugin(Model.class);
        for (RouteDefinition route : model.getRouteDefinitions()) {
            dumps.put(
                    route.getRouteId(),
                    PluginHelper.getModelToYAMLDumper(context)
                            .dumpModelAsYaml(context, route, false, false, false, false));
        }
        return dumps;
    }
}
