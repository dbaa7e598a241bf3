package org.clientproxy.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In which order the addresses of a server are tried. */
class AddressOrderTest {
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "10.0.0.1,-,10.0.0.1",
                "::1,-,::1",
                // By turns, the system's first family first; what there is more of comes at the end.
                "::1 ::2 10.0.0.1 10.0.0.2,-,::1 10.0.0.1 ::2 10.0.0.2",
                "10.0.0.1 10.0.0.2 ::1 ::2 ::3,-,10.0.0.1 ::1 10.0.0.2 ::2 ::3",
                "10.0.0.1 10.0.0.1 ::1,-,10.0.0.1 ::1",
                // After the one that did not serve come those behind it, so that each has its turn.
                "10.0.0.1 10.0.0.2 10.0.0.3,10.0.0.1,10.0.0.2 10.0.0.3 10.0.0.1",
                "10.0.0.1 10.0.0.2 10.0.0.3,10.0.0.2,10.0.0.3 10.0.0.1 10.0.0.2",
                "10.0.0.1 10.0.0.2 10.0.0.3,10.0.0.3,10.0.0.1 10.0.0.2 10.0.0.3",
                "10.0.0.1 10.0.0.2,10.0.0.9,10.0.0.1 10.0.0.2",
                "::1 10.0.0.1,::1,10.0.0.1 ::1"
            })
    void givesBothFamiliesTheirTurns(String found, String last, String order) throws Exception {
        List<InetAddress> expected = addresses(order);
        assertThat(AddressOrder.of(
                        addresses(found).toArray(new InetAddress[0]),
                        last == null ? null : InetAddress.getByName(last)))
                .isEqualTo(expected);
    }

    private static List<InetAddress> addresses(String literals) throws Exception {
        List<InetAddress> addresses = new ArrayList<>();
        for (String literal : literals.split(" ")) {
            addresses.add(InetAddress.getByName(literal));
        }
        return addresses;
    }
}
