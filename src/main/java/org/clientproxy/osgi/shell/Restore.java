package org.clientproxy.osgi.shell;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.clientproxy.proxy.Operation;

/** {@code clientproxy:restore}. */
@Service
@Command(scope = "clientproxy", name = "restore", description = "Gives a retired resource new requests again")
public final class Restore extends OperateResource {
    public Restore() {
        super(Operation.RESTORE);
    }
}
