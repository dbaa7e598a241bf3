package org.clientproxy.proxy.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import org.clientproxy.proxy.caps.CapsHash;
import org.clientproxy.proxy.caps.DiscoInfo;
import org.clientproxy.proxy.caps.VerificationString;
import org.clientproxy.proxy.pool.Caps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a hash stands for (XEP-0115 §5), and what it never may. */
class CapsHashTest {
    private static final String FEATURES =
            "<feature var='http://jabber.org/protocol/muc'/><feature var='http://jabber.org/protocol/disco#info'/>"
                    + "<feature var='http://jabber.org/protocol/caps'/><feature var='http://jabber.org/protocol/disco#items'/>";
    private static final String SIMPLE = "<identity category='client' type='pc' name='Exodus 0.9.1'/>" + FEATURES;
    private static final String SOFTWARE = "<x xmlns='jabber:x:data' type='result'>"
            + "<field var='FORM_TYPE' type='hidden'><value>urn:xmpp:dataforms:softwareinfo</value></field>"
            + "<field var='os'><value>Mac</value></field>"
            + "<field var='ip_version' type='text-multi'><value>ipv6</value><value>ipv4</value></field>"
            + "<field var='os_version'><value>10.5.1</value></field><field var='software'><value>Psi</value></field>"
            + "<field var='software_version'><value>0.11</value></field></x>";
    private static final String COMPLEX = "<identity xml:lang='en' category='client' type='pc' name='Psi 0.11'/>"
            + "<identity xml:lang='el' category='client' type='pc' name='\u03a8 0.11'/>" + FEATURES + SOFTWARE;

    static String hash(String function, String text) throws Exception {
        return Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance(function).digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static DiscoInfo read(String content) throws WorthlessAnswerException {
        return DiscoReader.read(LearningFixture.Asked.result(content));
    }

    private static boolean stands(String hash, String ver, String content) throws Exception {
        return CapsHash.of(new Caps("urn:n", ver, hash)).standsFor(read(content));
    }

    private static String string(String content) throws Exception {
        return VerificationString.of(read(content)).toString();
    }

    @Test
    void theSimpleExampleOfTheSpecification() throws Exception {
        assertThat(string(SIMPLE))
                .isEqualTo(
                        "client/pc//Exodus 0.9.1<http://jabber.org/protocol/caps<http://jabber.org/protocol/disco#info<"
                                + "http://jabber.org/protocol/disco#items<http://jabber.org/protocol/muc<");
        assertThat(stands("sha-1", "QgayPKawpkPSDYmwT/WM94uAlu0=", SIMPLE)).isTrue();
    }

    @Test
    void theComplexExampleOfTheSpecification() throws Exception {
        assertThat(stands("sha-1", "q07IKJEyjvHSyhy//CH0CxmKi8w=", COMPLEX)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"sha-1, SHA-1", "sha-224, SHA-224", "sha-256, SHA-256", "sha-384, SHA-384", "sha-512, SHA-512"})
    void eachFunction(String name, String function) throws Exception {
        String ver = hash(function, string(SIMPLE));
        assertThat(stands(name, ver, SIMPLE)).isTrue();
        assertThat(stands(name, ver, COMPLEX)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"md5", "SHA-1", "sha1", "", "blake2b-256"})
    void whatIsMadeByAnotherFunctionIsNotChecked(String function) {
        assertThat(CapsHash.of(new Caps("urn:n", "QgayPKawpkPSDYmwT/WM94uAlu0=", function)))
                .isNull();
    }

    @Test
    void whatNamesNoFunctionIsNotChecked() {
        assertThat(CapsHash.of(new Caps("urn:n", "0.9", null))).isNull();
        assertThat(CapsHash.of(null)).isNull();
    }

    @Test
    void sortsByOctetsAndNotByTheUnitsOfJava() throws Exception {
        assertThat(string("<feature var='\ud83d\udc2b'/><feature var='\uff61'/><feature var='B'/><feature var='a'/>"))
                .isEqualTo("B<a<\uff61<\ud83d\udc2b<");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<identity category='a' type='b'/><identity category='a' type='b' name=''/>",
                "<feature var='urn:a'/><feature var='urn:b'/><feature var='urn:a'/>",
                "<feature/><feature var=''/>",
                "<x xmlns='jabber:x:data'><field var='FORM_TYPE' type='hidden'><value>t</value></field></x>"
                        + "<x xmlns='jabber:x:data'><field var='FORM_TYPE' type='hidden'><value>t</value></field></x>",
                "<x xmlns='jabber:x:data'><field var='FORM_TYPE' type='hidden'><value>t</value><value>u</value></field></x>",
            })
    void anAnswerInWhichSomethingStandsTwiceIsWorthless(String content) {
        assertThatThrownBy(() -> read(content)).isInstanceOf(WorthlessAnswerException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<x xmlns='jabber:x:data'><field var='FORM_TYPE'><value>t</value></field></x>",
                "<x xmlns='jabber:x:data'><field var='a'><value>t</value></field></x>",
                "<x xmlns='urn:other'><field var='FORM_TYPE' type='hidden'><value>t</value></field></x>",
                "<feature xmlns='urn:other' var='urn:a'/>",
                "<wrap><feature var='urn:a'/></wrap>",
                "some text",
            })
    void whatIsNoPartIsIgnored(String content) throws Exception {
        assertThat(string(SIMPLE + content)).isEqualTo(string(SIMPLE));
    }

    /** Each has the string of an honest answer, in which other parts are features (the attack of 2009 on XEP-0115). */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // A mark inside a part.
                "a|<feature var='urn:a&lt;urn:b'/>",
                "b|<identity category='client' type='pc' name='X&lt;urn:a'/><feature var='urn:b'/>",
                // The first feature, as an identity.
                "c|<identity category='client' type='pc' name='X'/>"
                        + "<identity category='http:' type='' xml:lang='jabber.org' name='protocol/caps'/>",
                "d|<identity category='client' type='pc' name='X'/>"
                        + "<identity category='urn:a' type='b' xml:lang='c' name='d'/>",
                // The last features, as a form.
                "e|<feature var='urn:a'/>" + "<x xmlns='jabber:x:data'><field var='FORM_TYPE' type='hidden'>"
                        + "<value>urn:b</value></field></x>",
                "f|<feature var='urn:a'/>" + "<x xmlns='jabber:x:data'><field var='FORM_TYPE' type='hidden'>"
                        + "<value>urn:b</value></field><field var='vcard-temp'><value>vcard-temp:x</value></field></x>",
                // The last feature, and an honest form behind it.
                "g|<feature var='urn:a'/>" + "<x xmlns='jabber:x:data'><field var='FORM_TYPE' type='hidden'>"
                        + "<value>urn:b</value></field><field var='http://form.example'><value>os</value></field></x>",
            })
    void anAnswerThatCouldBeMadeOfAnotherStandsForNothing(String which, String content) throws Exception {
        String ver = hash("SHA-1", string(content));
        assertThat(stands("sha-1", ver, content)).as(which).isFalse();
    }

    @Test
    void tooManyFeaturesAreWorthlessAndAsManyAsAllowedAreNot() throws Exception {
        StringBuilder features = new StringBuilder();
        for (int i = 0; i < DiscoReader.MOST_FEATURES; i++) {
            features.append("<feature var='urn:f:").append(i).append("'/>");
        }
        assertThat(read(features.toString()).features()).hasSize(DiscoReader.MOST_FEATURES);
        assertThatThrownBy(() -> read(features.append("<feature var='one'/>").toString()))
                .isInstanceOf(WorthlessAnswerException.class);
    }

    @Test
    void whatIsTooLargeIsWorthlessAndWhatFitsIsNot() throws Exception {
        int other = LearningFixture.Asked.result("<feature var=''/>").octets();
        String most = "x".repeat(DiscoReader.MOST_OCTETS - other);
        assertThat(read("<feature var='" + most + "'/>").features()).containsExactly(most);
        assertThatThrownBy(() -> read("<feature var='" + most + "x'/>")).isInstanceOf(WorthlessAnswerException.class);
    }
}
