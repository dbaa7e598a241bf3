package org.clientproxy.proxy.jgroups;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What goes to another node at a time. */
class ParcelTest {
    private static final byte[] ONE = {1, 2, 3};
    private static final byte[] NOTHING = {};
    private static final byte[] TWO = {4};

    private static byte[] packed() {
        Parcel parcel = new Parcel();
        parcel.add(ONE);
        parcel.add(NOTHING);
        parcel.add(TWO);
        return parcel.octets();
    }

    @Test
    void readsBackInItsOrder() {
        assertThat(Parcel.read(ByteBuffer.wrap(packed()))).containsExactly(ONE, NOTHING, TWO);
    }

    @Test
    void whatIsCutShortHasLessInIt() {
        byte[] octets = packed();
        for (int length = 0; length < octets.length; length++) {
            List<byte[]> all = Parcel.read(ByteBuffer.wrap(Arrays.copyOf(octets, length)));
            assertThat(all).hasSize(length < 7 ? 0 : length < 11 ? 1 : 2);
        }
    }

    @Test
    void whatIsNoParcelHasNothingInIt() {
        assertThat(Parcel.read(ByteBuffer.wrap(new byte[] {-1, 0, 0, 0, 1, 1, 1, 1})))
                .isEmpty();
        assertThat(Parcel.read(ByteBuffer.wrap(new byte[] {127, 0, 0, 0, 1, 1, 1, 1})))
                .isEmpty();
    }
}
