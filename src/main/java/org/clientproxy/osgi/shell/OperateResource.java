package org.clientproxy.osgi.shell;

import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Completion;
import org.clientproxy.proxy.Operation;

/** A command that tells one proxy something about one of its resources. */
abstract class OperateResource extends OperateProxy {
    @Argument(
            index = 1,
            name = "resource",
            description = "The resource, by its resourcepart or its full address",
            required = true)
    @Completion(ResourceNames.class)
    @SuppressWarnings("NullAway.Init")
    private String resource;

    OperateResource(Operation operation) {
        super(operation);
    }

    @Override
    String resource() {
        return resource;
    }
}
