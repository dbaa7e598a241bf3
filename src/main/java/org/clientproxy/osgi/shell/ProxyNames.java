package org.clientproxy.osgi.shell;

import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.clientproxy.osgi.RunningProxies;
import org.clientproxy.proxy.ClientProxy;

/** Completes the name of a proxy. */
@Service
public final class ProxyNames implements Completer {
    @Reference
    @SuppressWarnings("NullAway.Init")
    private RunningProxies proxies;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        List<String> names = proxies.list().stream().map(ClientProxy::name).toList();
        return new StringsCompleter(names).complete(session, line, candidates);
    }
}
