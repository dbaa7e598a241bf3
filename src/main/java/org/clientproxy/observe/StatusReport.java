package org.clientproxy.observe;

import java.util.List;
import org.clientproxy.proxy.ClientProxy;

/** What the developer console says of proxies, for people at another terminal. */
public final class StatusReport {
    private StatusReport() {}

    /** How these proxies are: lines of text. Waits for their loops, so it must not be called on one. */
    public static String of(List<ClientProxy> proxies) {
        return StatusText.of(StatusJson.of(proxies));
    }
}
