package org.clientproxy.proxy.reload;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.routes.ClientProxyRoutes;
import org.clientproxy.proxy.settings.FilePath;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.RouteConfigurationsBuilder;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.AggregateDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.NodeIdFactory;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.jspecify.annotations.Nullable;

/**
 * The files that {@code proxy.routes} names: reads them, makes routes of them, and says what a proxy must find in them. Where
 * {@code java} stands in the key too, the proxy's own routes are built in and the files hold others.
 */
public final class RouteFiles {
    /** What stands in {@code proxy.routes} for the routes that are built in. */
    static final String BUILT_IN = "java";

    private final ProxySettings settings;

    public RouteFiles(ProxySettings settings) {
        this.settings = settings;
    }

    /** Whether the proxy's own routes are the ones in Java. */
    public boolean areBeside() {
        return settings.routes().contains(BUILT_IN);
    }

    /** Whether there is any pattern of files. */
    public boolean areNamed() {
        return settings.routes().stream().anyMatch(each -> !each.equals(BUILT_IN));
    }

    /**
     * The text of each file by its location, in the order of the locations.
     *
     * @throws IllegalArgumentException where a pattern names no file
     */
    SortedMap<String, String> read(CamelContext context) throws Exception {
        SortedMap<String, String> texts = new TreeMap<>();
        for (String pattern : settings.routes()) {
            if (pattern.equals(BUILT_IN)) {
                continue;
            }
            int before = texts.size();
            try {
                for (Resource file :
                        PluginHelper.getPackageScanResourceResolver(context).findResources(followed(pattern))) {
                    try (InputStream octets = file.getInputStream()) {
                        texts.put(file.getLocation(), new String(octets.readAllBytes(), StandardCharsets.UTF_8));
                    }
                }
            } catch (NoSuchFileException e) {
                // A folder that is not there has no files.
            }
            // A folder for routes that come and go beside the built-in ones may be empty; a file that is named must be
            // there.
            if (texts.size() == before && !(areBeside() && pattern.contains("*"))) {
                throw new IllegalArgumentException(
                        "proxy.routes=" + pattern
                                + " names no file; allowed are java, and patterns of YAML or XML route files such as file:routes/*.yaml, with commas between");
            }
        }
        return texts;
    }

    /** The pattern in the folder itself, where its folder is a symbolic link: Camel finds nothing behind one. */
    private static String followed(String pattern) throws IOException {
        int folder = pattern.substring(0, (pattern + "*").indexOf('*')).lastIndexOf('/');
        if (!pattern.startsWith("file:") || folder < 0) {
            return pattern;
        }
        return "file:"
                + FilePath.of(pattern.substring("file:".length(), folder + 1))
                        .toRealPath() + pattern.substring(folder);
    }

    /** Parses one file and prepares its routes for this context, to which they are not added yet. */
    static List<RouteDefinition> routes(CamelContext context, String location, String text) throws Exception {
        List<RouteDefinition> routes = new ArrayList<>();
        for (RoutesBuilder builder : PluginHelper.getRoutesLoader(context)
                .findRoutesBuilders(List.of(ResourceHelper.fromString(location, text)))) {
            if (builder instanceof RouteConfigurationsBuilder configurations) {
                configurations.updateRouteConfigurationsToCamelContext(context);
            }
            if (builder instanceof RouteBuilder file) {
                file.prepareModel(context);
                routes.addAll(file.getRouteCollection().getRoutes());
            }
        }
        // Routes without an id get one, by which they are known until the next edit.
        NodeIdFactory ids = context.getCamelContextExtension().getContextPlugin(NodeIdFactory.class);
        routes.forEach(route -> route.idOrCreate(ids));
        return routes;
    }

    /** @throws IllegalArgumentException where the routes of all files are not what the proxy needs; it says why */
    void check(List<RouteDefinition> routes) {
        List<String> ids = new ArrayList<>();
        for (RouteDefinition route : routes) {
            if (ids.contains(route.getRouteId())) {
                throw wrong("hold two routes with the id " + route.getRouteId());
            }
            ids.add(route.getRouteId());
        }
        for (String role : ClientProxyRoutes.ROLES) {
            String id = id(role);
            if (areBeside() && ids.contains(id)) {
                throw wrong("hold the route " + id + ", which java stands for; leave out one of the two");
            }
            if (!areBeside() && !ids.contains(id)) {
                throw wrong("are without the route " + id + "; take it over from routes/client-proxy.yaml, with "
                        + settings.name() + " for proxy");
            }
        }
        if (!areBeside()) {
            checkOwn(
                    Objects.requireNonNull(find(routes, id("stanzas"))),
                    Objects.requireNonNull(find(routes, id("correlate"))));
        }
    }

    /** What would be missed late, when somebody waits for an answer or nothing was refused. */
    private void checkOwn(RouteDefinition stanzas, RouteDefinition correlate) {
        String handler = '#' + id("to-failures");
        if (!stanzas.getInput().getEndpointUri().contains(handler)) {
            throw wrong("hold the route " + id("stanzas") + " without exceptionHandler=" + handler
                    + " in the uri of its from; without it a request at which a step fails has no answer");
        }
        String controller = '#' + id("correlate");
        if (steps(correlate, AggregateDefinition.class).stream()
                .noneMatch(aggregate -> controller.equals(aggregate.getAggregateController()))) {
            throw wrong("hold the route " + id("correlate") + " whose aggregate is without aggregateController: "
                    + controller + "; without it no request comes there, and one at which a step fails has no answer");
        }
        if (settings.accept() != null
                && steps(stanzas, ProcessorDefinition.class).stream()
                        .noneMatch(step -> id("accept").equals(step.getId()))) {
            throw new IllegalArgumentException(
                    "proxy.accept is set, but the route " + id("stanzas") + " has no step "
                            + id("accept")
                            + "; take the marks of the comment away from it in the file of proxy.routes, or unset proxy.accept");
        }
    }

    /** @throws IllegalArgumentException where another of the context's routes has one of these ids */
    void checkFree(CamelContext context, List<RouteDefinition> routes) {
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        for (RouteDefinition route : routes) {
            if (model.getRouteDefinition(route.getRouteId()) != null) {
                throw wrong("hold a route with the id " + route.getRouteId()
                        + ", which there is already; give it another id, or name each file once");
            }
        }
    }

    /** The id of the proxy's route or step with this role. */
    public String id(String role) {
        return settings.name() + '-' + role;
    }

    static @Nullable RouteDefinition find(List<RouteDefinition> routes, String id) {
        return routes.stream()
                .filter(route -> id.equals(route.getRouteId()))
                .findFirst()
                .orElse(null);
    }

    private static <T extends ProcessorDefinition<?>> Collection<T> steps(RouteDefinition route, Class<T> type) {
        return ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), type);
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException(
                "the files of proxy.routes=" + String.join(",", settings.routes()) + ' ' + what);
    }
}
