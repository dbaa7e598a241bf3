package org.clientproxy.proxy.routes;

import static org.assertj.core.api.Assertions.assertThat;

import org.clientproxy.proxy.settings.Addresses;
import org.clientproxy.xmpp.Jid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code proxy.allow} and {@code proxy.deny}, as the operator types them and as servers spell requesters. */
class AccessRulesTest {
    private static boolean allows(String allow, String deny, String requester) {
        return new AccessRules(Addresses.rules(allow), Addresses.rules(deny)).allows(Jid.parse(requester));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // allow | deny | requester | may
                "'' | '' | eve@evil.example/x | true",
                "some.example | '' | alice@some.example/home | true",
                "some.example | '' | some.example | true",
                "some.example | '' | some.example/component | true",
                "some.example | '' | alice@other.example/home | false",
                "some.example | '' | alice@sub.some.example/home | false",
                "some.example | '' | alice@notsome.example/home | false",
                "some.example | '' | some.example@other.example | false",
                "alice@some.example | '' | alice@some.example/any | true",
                "alice@some.example | '' | alice@some.example | true",
                "alice@some.example | '' | bob@some.example/x | false",
                "alice@some.example | '' | some.example | false",
                "alice@some.example/home | '' | alice@some.example/home | true",
                "alice@some.example/home | '' | alice@some.example/other | false",
                "alice@some.example/home | '' | alice@some.example | false",
                "'a.example, b.example' | '' | x@b.example/r | true",
                // letters: of localpart and domain either, of the resource as they are
                "Alice@SOME.Example. | '' | aLICE@some.example/x | true",
                "'some.example' | '' | alice@SOME.EXAMPLE/x | true",
                "'some.example' | '' | alice@some.example./x | true",
                "alice@some.example/Home | '' | alice@some.example/home | false",
                "alice@some.example/Home | '' | ALICE@some.example/Home | true",
                "wörker@Müller.example | '' | WÖRKER@müller.example/x | true",
                // denial is stronger, whichever is more exact
                "'' | some.example | alice@some.example/home | false",
                "'' | some.example | alice@other.example/home | true",
                "'' | ALICE@Some.Example | alice@some.example/home | false",
                "'' | alice@some.example/home | alice@some.example/home | false",
                "'' | alice@some.example/home | alice@some.example/other | true",
                "some.example | alice@some.example | alice@some.example/home | false",
                "some.example | alice@some.example | bob@some.example/home | true",
                "alice@some.example/home | some.example | alice@some.example/home | false",
                "alice@some.example | alice@some.example | alice@some.example/home | false",
                // A-labels and U-labels are one domain, in both lists and from both sides
                "'' | bücher.example | eve@xn--bcher-kva.example/x | false",
                "'' | bücher.example | xn--bcher-kva.example | false",
                "'' | bücher.example | eve@XN--BCHER-KVA.Example./x | false",
                "'' | BÜCHER.Example. | eve@bücher.example/x | false",
                "'' | xn--bcher-kva.example | eve@bücher.example/x | false",
                "'' | XN--BCHER-KVA.example | eve@bücher.example/x | false",
                "'' | eve@bücher.example | eve@xn--bcher-kva.example/x | false",
                "'' | eve@bücher.example/x | eve@xn--bcher-kva.example/x | false",
                "'' | bücher.example | eve@sub.xn--bcher-kva.example/x | true",
                "bücher.example | '' | alice@xn--bcher-kva.example/x | true",
                "xn--bcher-kva.example | '' | alice@bücher.example/x | true",
                "xn--bcher-kva.example | '' | alice@buecher.example/x | false",
                // as typed on servers that pass it on so
                "'' | alice@some.example | ａlice@some.example/x | false",
                "'' | alice@some.example | a\u00adlice@some.example/x | false",
                "'' | ａlice@ｓome.example | alice@some.example/x | false",
                "ａlice@some.example | '' | alice@some.example/x | true",
                "'' | alice@some.example | аlice@some.example/x | true",
                // a domain with all below it
                "'' | *.evil.example | eve@evil.example/x | false",
                "'' | *.evil.example | evil.example | false",
                "'' | *.evil.example | eve@sub.evil.example/x | false",
                "'' | *.evil.example | a.b.c.evil.example/x | false",
                "'' | *.Evil.Example. | eve@SUB.evil.example./x | false",
                "'' | *.evil.example | eve@notevil.example/x | true",
                "'' | *.evil.example | eve@evil.example.org/x | true",
                "'' | *.evil.example | eve@example/x | true",
                "'' | *.evil.example | evil.example@some.example/x | true",
                "'' | *.example | eve@evil.example/x | false",
                "'' | *.bücher.example | eve@sub.xn--bcher-kva.example/x | false",
                "'' | *.xn--bcher-kva.example | eve@sub.bücher.example/x | false",
                "'' | *.bücher.example | eve@xn--sb-xka.xn--bcher-kva.example/x | false",
                "'' | *.xn--bcher-kva.example | eve@bücher.example/x | false",
                "*.some.example | '' | alice@sub.some.example/x | true",
                "*.some.example | '' | alice@some.example/x | true",
                "*.some.example | '' | alice@other.example/x | false",
                "*.some.example | sub.some.example | alice@sub.some.example/x | false",
                "*.some.example | sub.some.example | alice@a.sub.some.example/x | true",
                "*.some.example | *.sub.some.example | alice@a.sub.some.example/x | false"
            })
    void allowsByDomainBareAndFullAddress(String allow, String deny, String requester, boolean may) {
        assertThat(allows(allow, deny, requester)).isEqualTo(may);
    }

    @Test
    void isOpenWhereBothListsAreEmpty() {
        assertThat(new AccessRules(Addresses.rules(""), Addresses.rules(" , ")).isOpen())
                .isTrue();
        assertThat(new AccessRules(Addresses.rules(""), Addresses.rules("x.example")).isOpen())
                .isFalse();
    }
}
