package org.clientproxy.osgi.shell;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.clientproxy.proxy.Operation;

/** {@code clientproxy:pause}. */
@Service
@Command(
        scope = "clientproxy",
        name = "pause",
        description = "Lets a proxy refuse new requests; what is pending is answered")
public final class Pause extends OperateProxy {
    public Pause() {
        super(Operation.PAUSE);
    }
}
