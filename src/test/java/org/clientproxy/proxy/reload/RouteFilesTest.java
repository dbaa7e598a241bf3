package org.clientproxy.proxy.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.RouteKeys;
import org.clientproxy.xmpp.Jid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which files {@code proxy.routes} may name, and what an operator reads who named others. */
class RouteFilesTest {
    private static final String OWN = "file:routes/client-proxy.yaml";

    @TempDir
    Path directory;

    private final DefaultCamelContext context = new DefaultCamelContext();

    @AfterEach
    void stop() {
        context.stop();
    }

    private static RouteFiles files(String... routes) {
        return new RouteFiles(ProxySettings.of("proxy", Jid.parse("proxy.example"), Jid.parse("worker@some.example"))
                .with(RouteKeys.ROUTES, List.of(routes)));
    }

    /** Without a scheme it is a resource of the class path. */
    @ParameterizedTest
    @ValueSource(strings = {"yaml", "file:nothere.yaml", "file:none/nothere.yaml", "classpath:nothere.yaml"})
    void aFileThatIsNamedMustBeThere(String name) {
        assertThatThrownBy(() -> files("java", name).read(context))
                .hasMessageStartingWith("proxy.routes=" + name + " names no file; allowed are java, and patterns");
    }

    @Test
    void aFolderMayBeEmptyBesideJavaAndBesideFiles() throws Exception {
        String empty = "file:" + directory + "/*.yaml";
        assertThat(files("java", empty).read(context)).isEmpty();
        assertThat(files(OWN, empty).read(context)).hasSize(1);
        assertThat(files(empty, OWN).read(context)).hasSize(1);
        assertThatThrownBy(() -> files(empty).read(context)).hasMessageContaining(empty + " names no file");
    }

    @Test
    void twoRoutesFromOneDirectEndpointAreRefusedByTheirNames() throws Exception {
        Files.copy(Path.of("routes/examples/deny-by-content.yaml"), directory.resolve("deny.yaml"));
        RouteFiles one = files("java", "file:" + directory + "/*.yaml");
        one.check(routes(one));
        Files.copy(Path.of("routes/examples/throttle-per-domain.yaml"), directory.resolve("throttle.yaml"));
        RouteFiles both = files("java", "file:" + directory + "/*.yaml");
        List<RouteDefinition> routes = routes(both);
        assertThatThrownBy(() -> both.check(routes))
                .hasMessageContaining("hold two routes from direct:proxy-request-admitted, proxy-deny-by-content and"
                        + " proxy-throttle; one can be there, so join their steps in one route");
    }

    private List<RouteDefinition> routes(RouteFiles files) throws Exception {
        List<RouteDefinition> all = new ArrayList<>();
        for (var file : files.read(context).entrySet()) {
            all.addAll(RouteFiles.routes(context, file.getKey(), file.getValue()));
        }
        return all;
    }
}
