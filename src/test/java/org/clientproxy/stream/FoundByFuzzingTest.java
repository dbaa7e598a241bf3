package org.clientproxy.stream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link StanzaFuzzTest} found, each in its shortest form. */
class FoundByFuzzingTest {
    @ParameterizedTest
    @ValueSource(strings = {"<iq a='\u00d7=\u0090'/>", "<iq>\u00d7 \u0090</iq>", "<iq a='\u00e2\u0082 \u00ac'/>"})
    void theOctetsOfACharacterFollowEachOther(String octets) {
        assertThatThrownBy(() -> StanzaXml.parse(octets.getBytes(ISO_8859_1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("UTF-8");
    }
}
