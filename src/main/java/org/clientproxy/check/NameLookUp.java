package org.clientproxy.check;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.clientproxy.stream.ServerTrial;
import org.clientproxy.stream.StreamSettings;

/**
 * Whether the server's name has addresses, and which.
 *
 * @param addresses none where it has not
 */
record NameLookUp(List<InetAddress> addresses, Finding finding) {
    static NameLookUp of(StreamSettings settings, Duration limit) throws InterruptedException {
        String host = settings.host();
        try {
            List<InetAddress> found = Arrays.stream(
                            ServerTrial.lookUp(settings).get(limit.toMillis(), TimeUnit.MILLISECONDS))
                    .distinct()
                    .toList();
            String listed = found.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", "));
            return new NameLookUp(found, Finding.ok(Matter.LOOK_UP, host + " is " + listed));
        } catch (TimeoutException e) {
            return failed(host + " was not looked up within " + limit.toSeconds()
                    + " s. Is the resolver of this machine reachable?");
        } catch (ExecutionException e) {
            return failed(
                    e.getCause() instanceof UnknownHostException
                            ? "the name " + host + " is not known. Correct it (xmpp.host)"
                            : host + " cannot be looked up: " + e.getCause());
        }
    }

    private static NameLookUp failed(String text) {
        return new NameLookUp(List.of(), Finding.wrong(Matter.LOOK_UP, text));
    }
}
