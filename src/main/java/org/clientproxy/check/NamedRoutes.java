package org.clientproxy.check;

import java.util.Objects;
import org.clientproxy.config.FailureText;
import org.clientproxy.proxy.reload.RouteFiles;
import org.clientproxy.proxy.settings.ProxySettings;

/** Whether the route files that {@code proxy.routes} names are there, and are routes of a proxy. */
final class NamedRoutes {
    private NamedRoutes() {}

    static Finding check(ProxySettings settings) {
        RouteFiles files = new RouteFiles(settings);
        if (!files.areNamed()) {
            return Finding.ok(Matter.ROUTES, "the built-in ones");
        }
        try {
            int count = files.inspect();
            return Finding.ok(
                    Matter.ROUTES, count + (count == 1 ? " file" : " files") + " of " + String.join(", ", settings.routes()));
        } catch (Exception e) {
            Throwable cause = FailureText.cause(e);
            return Finding.wrong(Matter.ROUTES, Objects.requireNonNullElse(cause.getMessage(), "" + cause));
        }
    }
}
