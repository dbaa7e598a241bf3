package org.clientproxy.osgi.shell;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.clientproxy.osgi.RunningProxies;
import org.clientproxy.xmpp.Jid;

/** Completes a resource of the proxy that the command names before it. */
@Service
public final class ResourceNames implements Completer {
    @Reference
    @SuppressWarnings("NullAway.Init")
    private RunningProxies proxies;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        List<String> words = Arrays.asList(line.getArguments());
        List<String> resources = proxies.list().stream()
                .filter(proxy -> words.contains(proxy.name()))
                .flatMap(proxy -> proxy.resourceCounters().keySet().stream())
                .map(Jid::resource)
                .filter(Objects::nonNull)
                .toList();
        return new StringsCompleter(resources).complete(session, line, candidates);
    }
}
