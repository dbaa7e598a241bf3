package org.clientproxy.proxy;

import java.nio.file.Path;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;

/** The route files of {@code routes/examples}, as they are shipped. */
public final class Examples {
    private Examples() {}

    /** Loads the file of this name, without its extension, beside the routes that are there. */
    public static void load(CamelContext context, String name) throws Exception {
        Path file = Path.of("routes/examples", name + ".yaml");
        Resource resource = PluginHelper.getResourceLoader(context).resolveResource("file:" + file);
        PluginHelper.getRoutesLoader(context).loadRoutes(resource);
    }
}
