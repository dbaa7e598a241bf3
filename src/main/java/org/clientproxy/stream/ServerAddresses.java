package org.clientproxy.stream;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** The addresses of a server, and what was learnt of them over all connections. Used on the loop only. */
final class ServerAddresses {
    /** Finds all addresses of a host, which may take long. */
    @FunctionalInterface
    interface Lookup {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    private final String host;
    /** Asks the system where the server is, but for tests. */
    Lookup lookup = InetAddress::getAllByName;
    /** The address that last took a connection in which no stream became ready; null: there is none such. */
    private @Nullable InetAddress lastFailed;

    ServerAddresses(String host) {
        this.host = host;
    }

    /**
     * Looks the host up on a thread of its own: the operating system may take long, or for ever, and neither the loop nor the next
     * look-up may wait for that. From Java 25 on the common pool would make them.
     */
    CompletableFuture<InetAddress[]> find() {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return lookup.addresses(host);
                    } catch (UnknownHostException e) {
                        throw new CompletionException(e);
                    }
                },
                ServerAddresses::onThreadOfItsOwn);
    }

    /** Runs what may block on a daemon thread, which ends with it. */
    static void onThreadOfItsOwn(Runnable task) {
        Thread thread = new Thread(task, "client-proxy look-up");
        thread.setDaemon(true);
        thread.start();
    }

    /** The order in which those that were found are to be tried. */
    List<InetAddress> inOrder(InetAddress[] found) {
        return AddressOrder.of(found, lastFailed);
    }

    /** This one took a connection. Unless a stream becomes ready there, the others are tried before it next time. */
    void connected(InetAddress address) {
        lastFailed = address;
    }

    /** A stream became ready. */
    void ready() {
        lastFailed = null;
    }
}
