package org.clientproxy.proxy.reload;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.RouteConfigurationsBuilder;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.NodeIdFactory;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.clientproxy.proxy.routes.ClientProxyRoutes;
import org.clientproxy.proxy.settings.Adjustable;
import org.clientproxy.proxy.settings.FilePath;
import org.clientproxy.proxy.settings.ProxySettings;
import org.jspecify.annotations.Nullable;

/**
 * The files that {@code proxy.routes} names: reads them, makes routes of them, and says what a proxy must find in them. Where
 * {@code java} stands in the key too, the proxy's own routes are built in and the files hold others.
 */
public final class RouteFiles implements Adjustable {
    /** What stands in {@code proxy.routes} for the routes that are built in. */
    static final String BUILT_IN = "java";

    /** What stands in a file for the name of the proxy that reads it. */
    private static final String NAME = "{{proxy.name}}";

    /** The placeholders of the proxy that reads it; {@code proxy} is whichever that is. */
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(\\??)proxy\\.(endpoint|accept)(?=[:}])");

    private volatile ProxySettings settings;

    public RouteFiles(ProxySettings settings) {
        this.settings = settings;
    }

    /** What the files must hold depends on what is on. */
    @Override
    public void adjust(ProxySettings now) {
        settings = now;
    }

    /**
     * Whether the files, which both name, hold what only the later settings need. Any thread but the loop.
     *
     * @throws IllegalArgumentException where they do not; it says which step is missing
     */
    public static void checkEdit(ProxySettings before, ProxySettings now) {
        RouteFiles files = new RouteFiles(now);
        if (files.areBeside() || !OwnRoutesCheck.needsMore(now, before)) {
            return;
        }
        try {
            files.inspect();
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalArgumentException(e);
        }
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
            readAll(context, pattern, texts);
            // A folder for routes that come and go may be empty; a file that is named must be there.
            if (texts.size() == before && !pattern.contains("*")) {
                throw noFile(pattern);
            }
        }
        if (texts.isEmpty() && !areBeside()) {
            throw noFile(String.join(",", settings.routes()));
        }
        return texts;
    }

    private void readAll(CamelContext context, String pattern, SortedMap<String, String> texts) throws Exception {
        try {
            for (Resource file :
                    PluginHelper.getPackageScanResourceResolver(context).findResources(followed(pattern))) {
                try (InputStream octets = file.getInputStream()) {
                    // Camel finds a name without a scheme on the class path, be it there or not.
                    if (octets != null) {
                        texts.put(file.getLocation(), own(new String(octets.readAllBytes(), StandardCharsets.UTF_8)));
                    }
                }
            }
        } catch (NoSuchFileException | FileNotFoundException e) {
            // What is not there has no text.
        }
    }

    private static IllegalArgumentException noFile(String pattern) {
        return new IllegalArgumentException(
                "proxy.routes=" + pattern
                        + " names no file; allowed are java, and patterns of YAML or XML route files such as file:routes/*.yaml, with commas between");
    }

    /**
     * The file as it is for this proxy. The name stands for itself wherever it is asked for, in ids too, of which Camel resolves
     * no placeholders; what else is this proxy's has its name in it.
     */
    private String own(String text) {
        return PLACEHOLDER.matcher(text.replace(NAME, settings.name())).replaceAll("{{$1" + settings.name() + ".$2");
    }

    /** The pattern in the folder itself, where its folder is a symbolic link: Camel finds nothing behind one. */
    private static String followed(String pattern) throws IOException {
        int folder = pattern.substring(0, (pattern + "*").indexOf('*')).lastIndexOf('/');
        if (!pattern.startsWith("file:") || folder < 0) {
            return pattern;
        }
        return "file:"
                + FilePath.of(pattern.substring("file:".length(), folder + 1)).toRealPath() + pattern.substring(folder);
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

    /**
     * Reads the files, and looks whether they hold what the proxy needs, without a proxy; what only its beans show is not seen.
     *
     * @return how many there are
     * @throws Exception that says what is wrong with them
     */
    public int inspect() throws Exception {
        try (DefaultCamelContext scratch = new DefaultCamelContext()) {
            scratch.disableJMX();
            scratch.start();
            SortedMap<String, String> texts = read(scratch);
            List<RouteDefinition> routes = new ArrayList<>();
            for (var file : texts.entrySet()) {
                routes.addAll(routes(scratch, file.getKey(), file.getValue()));
            }
            check(routes);
            return texts.size();
        }
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
        checkSources(routes);
        for (String role : ClientProxyRoutes.ROLES) {
            String id = id(role);
            if (areBeside() && ids.contains(id)) {
                throw wrong("hold the route " + id + ", which java stands for; leave out one of the two");
            }
            if (!areBeside() && !ids.contains(id)) {
                throw wrong("are without the route " + id + "; take it over from routes/client-proxy.yaml");
            }
        }
        if (!areBeside()) {
            String wrong = new OwnRoutesCheck(this::id, settings).wrong(routes);
            if (wrong != null) {
                throw wrong(wrong);
            }
        }
    }

    /** What comes to a direct endpoint can go to one route. */
    private void checkSources(List<RouteDefinition> routes) {
        Map<String, String> takers = new HashMap<>();
        for (RouteDefinition route : routes) {
            String source = route.getInput() == null ? "" : route.getInput().getEndpointUri();
            if (source.startsWith("direct:")) {
                String other = takers.put(source, route.getRouteId());
                if (other != null) {
                    throw wrong("hold two routes from " + source + ", " + other + " and " + route.getRouteId()
                            + "; one can be there, so join their steps in one route, or call one from the other by a direct"
                            + " endpoint of its own");
                }
            }
        }
    }

    /** @throws IllegalArgumentException where another of the context's routes has one of these ids */
    void checkFree(CamelContext context, List<RouteDefinition> routes) {
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        for (RouteDefinition route : routes) {
            if (model.getRouteDefinition(route.getRouteId()) != null) {
                throw wrong("hold a route with the id " + route.getRouteId()
                        + ", which there is already; give it another id, name each file once, or let the id begin with "
                        + NAME
                        + " where several proxies have the file");
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

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException(
                "the files of proxy.routes=" + String.join(",", settings.routes()) + ' ' + what);
    }
}
