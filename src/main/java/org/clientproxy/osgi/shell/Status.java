package org.clientproxy.osgi.shell;

import java.util.List;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.clientproxy.observe.StatusReport;
import org.clientproxy.osgi.RunningProxies;
import org.clientproxy.proxy.ClientProxy;
import org.jspecify.annotations.Nullable;

/** {@code clientproxy:status}. */
@Service
@Command(
        scope = "clientproxy",
        name = "status",
        description = "Shows streams, pools, pending requests and last errors of the proxies")
public final class Status implements Action {
    @Reference
    @SuppressWarnings("NullAway.Init")
    private RunningProxies proxies;

    @Argument(name = "proxy", description = "The name of one proxy; without it, all are shown")
    @Completion(ProxyNames.class)
    private @Nullable String name;

    @Override
    public Object execute() {
        List<ClientProxy> shown = proxies.list().stream()
                .filter(each -> name == null || each.name().equals(name))
                .toList();
        return shown.isEmpty() ? "No such proxy runs." : StatusReport.of(shown).stripTrailing();
    }
}
