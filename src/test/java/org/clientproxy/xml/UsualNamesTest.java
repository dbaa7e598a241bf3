package org.clientproxy.xml;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsualNamesTest {
    @ParameterizedTest
    @ValueSource(strings = {"to", "from", "id", "type", "iq", "xml:lang", "xmlns", "presence", "message"})
    void eachIsFoundInItsPlace(String name) {
        byte[] octets = ('<' + name + '>').getBytes(StandardCharsets.US_ASCII);
        assertThat(UsualNames.find(octets, 1, octets.length - 1)).isSameAs(name.intern());
    }

    @ParameterizedTest
    @ValueSource(strings = {"t", "form", "ip", "tyqe", "Iq", "xml:lung", "xmlnss", "prEsence", "\u05d0", "massage"})
    void nothingElseIs(String name) {
        byte[] octets = name.getBytes(StandardCharsets.UTF_8);
        assertThat(UsualNames.find(octets, 0, octets.length)).isNull();
    }
}
