package org.clientproxy.stream;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The order in which the addresses of a server are tried. */
final class AddressOrder {
    private AddressOrder() {}

    /**
     * IPv6 and IPv4 by turns, so that a family without a way to the server costs one attempt and not all (RFC 8305 §4), begun
     * with the family that the system puts first.
     *
     * @param found as the system gives them, in its order of preference (RFC 6724)
     * @param last the address that comes last, for it was tried last and did not serve; the others follow it in their circle
     */
    static List<InetAddress> of(InetAddress[] found, @Nullable InetAddress last) {
        List<InetAddress> first = new ArrayList<>();
        List<InetAddress> other = new ArrayList<>();
        for (InetAddress address : new LinkedHashSet<>(Arrays.asList(found))) {
            (address instanceof Inet6Address == found[0] instanceof Inet6Address ? first : other).add(address);
        }
        List<InetAddress> order = new ArrayList<>();
        for (int i = 0; i < Math.max(first.size(), other.size()); i++) {
            if (i < first.size()) {
                order.add(first.get(i));
            }
            if (i < other.size()) {
                order.add(other.get(i));
            }
        }
        Collections.rotate(order, -1 - order.indexOf(last));
        return order;
    }
}
