package org.clientproxy.osgi;

import java.util.List;
import org.clientproxy.proxy.ClientProxy;

/** The proxies that run in this container at the moment: a service, for who operates them. */
public interface RunningProxies {
    /** All of them, in the order of their configurations. Any thread. */
    List<ClientProxy> list();
}
