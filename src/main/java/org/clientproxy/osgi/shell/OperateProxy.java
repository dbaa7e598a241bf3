package org.clientproxy.osgi.shell;

import java.util.NoSuchElementException;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.clientproxy.osgi.RunningProxies;
import org.clientproxy.proxy.Operation;

/** A command that tells one proxy something, and prints what is so now. */
abstract class OperateProxy implements Action {
    private final Operation operation;

    @Reference
    @SuppressWarnings("NullAway.Init")
    private RunningProxies proxies;

    @Argument(name = "proxy", description = "The name of the proxy, as clientproxy:status shows it", required = true)
    @Completion(ProxyNames.class)
    @SuppressWarnings("NullAway.Init")
    private String name;

    OperateProxy(Operation operation) {
        this.operation = operation;
    }

    /** Which resource it is about; empty: none. */
    String resource() {
        return "";
    }

    @Override
    public Object execute() {
        try {
            return operation.carryOut(Operation.proxy(proxies.list(), name), resource());
        } catch (IllegalArgumentException | NoSuchElementException | IllegalStateException e) {
            // Thrown, a mistyped name would be an ERROR with its trace in Karaf's log.
            return String.valueOf(e.getMessage());
        }
    }
}
