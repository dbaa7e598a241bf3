package org.clientproxy.osgi.shell;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.clientproxy.proxy.Operation;

/** {@code clientproxy:resume}. */
@Service
@Command(scope = "clientproxy", name = "resume", description = "Lets a proxy take new requests again")
public final class Resume extends OperateProxy {
    public Resume() {
        super(Operation.RESUME);
    }
}
