package org.clientproxy.xml;

import static org.assertj.core.api.Assertions.assertThat;

import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaError.Condition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors are understood in whatever form programs of twenty years write them. */
class ErrorReaderTest {
    private static final String NS = " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'";

    private static StanzaError read(String content) {
        return StanzaXml.errorOf(StanzaXml.parse("<iq type='error' id='1'>" + content.replace("@", NS) + "</iq>"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<error type='cancel'><item-not-found@/><text@>why</text></error>",
                "<error type='cancel' code='404'>why<item-not-found@/></error>",
                "why<error type='cancel'><item-not-found@/><text@>why</text></error>why",
                "<q xmlns='urn:q'><error xmlns='urn:q'/></q><error type='cancel'>\n <item-not-found@/> why\n</error>",
                "<error type='cancel'><item-not-found@>text <b xmlns=''/></item-not-found><text@>w<b>h</b>y</text></error>",
                "<error type='cancel'><![CDATA[w]]>&#x68;y<x xmlns='urn:x'/><item-not-found@/></error><q xmlns='urn:q'/>",
                "<error type='cancel'><item-not-found@/><service-unavailable@/><text@>why</text><text@>two</text></error>",
                "<error type='cancel' code='503'><item-not-found@/><text@>why</text></error>",
                "<error code='404'>why</error>",
                "<error xmlns='jabber:client' code='404'>why</error>",
                "<error xmlns='' code='404'>why</error>",
                "<error xmlns='urn:x' code='503'>else</error><error code='404'>why</error>"
            })
    void oneErrorInManyForms(String content) {
        StanzaError error = read(content);
        assertThat(new StanzaError(error.condition(), error.type(), error.text(), null))
                .isEqualTo(new StanzaError(Condition.ITEM_NOT_FOUND, StanzaError.Type.CANCEL, "why", null));
    }

    @Test
    void theFirstConditionOfAnotherNamespaceIsTheApplications() {
        assertThat(read("<error><a/><x xmlns='urn:x&amp;y'/><conflict@/><z xmlns='urn:z'/></error>"))
                .isEqualTo(new StanzaError(
                        Condition.CONFLICT,
                        StanzaError.Type.CANCEL,
                        null,
                        new StanzaError.Application("urn:x&y", "x")));
    }

    @ParameterizedTest
    @CsvSource({
        "302, REDIRECT",
        "400, BAD_REQUEST",
        "401, NOT_AUTHORIZED",
        "402, UNDEFINED_CONDITION",
        "403, FORBIDDEN",
        "404, ITEM_NOT_FOUND",
        "405, NOT_ALLOWED",
        "406, NOT_ACCEPTABLE",
        "407, REGISTRATION_REQUIRED",
        "408, REMOTE_SERVER_TIMEOUT",
        "409, CONFLICT",
        "500, INTERNAL_SERVER_ERROR",
        "501, FEATURE_NOT_IMPLEMENTED",
        "502, SERVICE_UNAVAILABLE",
        "503, SERVICE_UNAVAILABLE",
        "504, REMOTE_SERVER_TIMEOUT",
        "510, SERVICE_UNAVAILABLE",
        "599, UNDEFINED_CONDITION"
    })
    void aCodeStandsForAConditionWhereThereIsNone(String code, Condition condition) {
        assertThat(read("<error code='" + code + "'/>").condition()).isEqualTo(condition);
        assertThat(read("<error code='" + code + "'><x xmlns='urn:x'/></error>").condition())
                .isEqualTo(condition);
        assertThat(read("<error code='" + code + "'><conflict@/></error>").condition())
                .isEqualTo(Condition.CONFLICT);
        // A condition that is not known is one all the same.
        assertThat(read("<error code='" + code + "'><payment-required@/></error>")
                        .condition())
                .isEqualTo(Condition.UNDEFINED_CONDITION);
    }

    @Test
    void anAbsentRecipientIsACodeThatMayBeTriedLater() {
        assertThat(read("<error code='404' type='wait'/>").condition()).isEqualTo(Condition.RECIPIENT_UNAVAILABLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<error/>", "<error type='nonsense'>\n</error>", "<error xmlns='urn:x'/>"})
    void anErrorThatSaysNothingIsOne(String content) {
        assertThat(read(content))
                .isEqualTo(new StanzaError(Condition.UNDEFINED_CONDITION, StanzaError.Type.CANCEL, null, null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "text alone", "<q xmlns='urn:q'><error/></q>", "<err/><item-not-found@/>"})
    void whereNoChildHasTheNameThereIsNone(String content) {
        assertThat(read(content)).isNull();
    }

    /** Woodstox has limits of its own, the framer others. */
    @Test
    void aLongOneIsReadToo() {
        String text = "x".repeat(600_000);
        assertThat(read("<q xmlns='urn:q' a='" + text + "'/><error type='cancel'><conflict@/><text@>" + text
                                + "</text></error>")
                        .condition())
                .isEqualTo(Condition.CONFLICT);
    }
}
