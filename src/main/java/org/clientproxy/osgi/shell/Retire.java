package org.clientproxy.osgi.shell;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.clientproxy.proxy.Operation;

/** {@code clientproxy:retire}. */
@Service
@Command(
        scope = "clientproxy",
        name = "retire",
        description = "Gives a resource no new requests until it is restored or leaves")
public final class Retire extends OperateResource {
    public Retire() {
        super(Operation.RETIRE);
    }
}
