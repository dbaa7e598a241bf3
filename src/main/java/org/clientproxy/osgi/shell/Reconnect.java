package org.clientproxy.osgi.shell;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.clientproxy.proxy.Operation;

/** {@code clientproxy:reconnect}. */
@Service
@Command(
        scope = "clientproxy",
        name = "reconnect",
        description = "Closes the stream of a proxy in order and connects again; requests stay pending")
public final class Reconnect extends OperateProxy {
    public Reconnect() {
        super(Operation.RECONNECT);
    }
}
