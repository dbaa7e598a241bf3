package org.clientproxy.proxy.settings;

/**
 * Where a node listens for the others.
 *
 * @param host a host name or IP address, without brackets
 */
public record NodeAddress(String host, int port) {
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
