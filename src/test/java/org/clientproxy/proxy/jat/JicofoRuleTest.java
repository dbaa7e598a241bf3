package org.clientproxy.proxy.jat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.clientproxy.proxy.settings.EncodedFrom;
import org.clientproxy.xmpp.Jid;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.jxmpp.jid.impl.JidCreate;
import org.jxmpp.stringprep.XmppStringprepException;

/** Both forms of the encoded-from, read as Jicofo reads it: with jxmpp, the resourcepart as an address. */
class JicofoRuleTest {
    private static final Jid PROXY = Jid.parse("focus.meet.example");

    private static String read(EncodedFrom form, String requester) throws XmppStringprepException {
        Jid encodedFrom = new JatCodec(PROXY, List.of(new byte[32]), form).encodedFrom(requester, PROXY.toString());
        return JicofoRule.requester(PROXY.toString(), encodedFrom.toString()).toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alice@meet.example/web-1",
                "6f1c8f0a-8d3d-4f7d-b1a0-6f2a5c8b9e10@meet.example/Hw3xQzRt",
                "alice@meet.example",
                "alice@meet.example/a b",
                "alice@meet.example/ a ",
                "alice@meet.example/q'\"<>&",
                "alice@meet.example/room@conference.meet.example/nick",
                "jibri@recorder.meet.example/AQAVdXNlckBzb21lLmV4YW1wbGUvYWJjy8kSPUnIMOTo6R0I4Z7Tow",
                "jigasi.meet.example"
            })
    void readsTheRequesterFromThePlainForm(String requester) throws Exception {
        assertThat(read(EncodedFrom.PLAIN, requester)).isEqualTo(requester);
    }

    /** Jicofo's authentication asks for the domain of the requester; that of a token is nobody's. */
    @ParameterizedTest
    @CsvSource({"TOKEN,alice@meet.example/web-1", "PLAIN,alice@meet.example/\u00e9"})
    void takesATokenForADomain(EncodedFrom form, String requester) throws Exception {
        org.jxmpp.jid.Jid read = JidCreate.from(read(form, requester));
        assertThat(read.isDomainBareJid()).isTrue();
        assertThat(read.getDomain().toString()).isNotEqualTo("meet.example");
    }
}
