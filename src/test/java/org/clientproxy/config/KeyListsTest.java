package org.clientproxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.clientproxy.observe.Secrets;
import org.clientproxy.proxy.settings.ConfigKey;
import org.clientproxy.proxy.settings.ConfigKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each place that lists the keys says just what the declarations say. {@code mvn test -Dtest=KeyListsTest -Dupdate} writes the
 * places anew.
 */
class KeyListsTest {
    private static final boolean UPDATE = System.getProperty("update") != null;
    private static final Pattern TABLE =
            Pattern.compile("<!-- This table is .*?<!-- End of the table -->\n", Pattern.DOTALL);

    /** A file that lists the keys. */
    enum Place {
        PROPERTIES("application.properties", present -> KeyLists.properties()),
        DEBIAN("src/deb/application.properties", present -> KeyLists.debian()),
        KARAF("src/main/karaf/org.clientproxy.cfg", present -> KeyLists.karaf()),
        PAGE("docs/configuration.md", present -> KeyLists.page()),
        README("README.md", present -> TABLE.matcher(present).replaceFirst(Matcher.quoteReplacement(KeyLists.table())));

        private final Path file;
        private final UnaryOperator<String> declared;

        Place(String file, UnaryOperator<String> declared) {
            this.file = Path.of(file);
            this.declared = declared;
        }
    }

    static List<ConfigKey<?>> all() {
        List<ConfigKey<?>> all = new ArrayList<>(ConfigKeys.all());
        all.addAll(ConfigKeys.OF_PROCESS.keys());
        return all;
    }

    @ParameterizedTest
    @EnumSource(Place.class)
    void listsTheKeysAsTheyAreDeclared(Place place) throws Exception {
        String present = Files.exists(place.file) ? Files.readString(place.file) : "";
        String declared = place.declared.apply(present);
        if (UPDATE) {
            Files.writeString(place.file, declared);
        } else {
            assertThat(difference(place.file, present, declared)).isEmpty();
        }
    }

    @Test
    void theTableStandsInTheReadme() throws Exception {
        assertThat(Files.readString(Place.README.file))
                .contains(KeyLists.WRITTEN)
                .containsPattern(TABLE);
    }

    /** A bar or the end of a line would break the row of a table; the full stop of a comment is set where it is written. */
    @ParameterizedTest
    @MethodSource("all")
    void aKeyCanStandInATable(ConfigKey<?> key) {
        assertThat(key.meaning() + key.allowed() + key.whereEmpty()).doesNotContain("|", "\n");
        assertThat(key.meaning()).doesNotEndWith(".").isNotBlank();
        assertThat(key.allowed()).isNotBlank();
    }

    @ParameterizedTest
    @MethodSource("all")
    void theConsoleHidesEachSecretOne(ConfigKey<?> key) {
        assertThat(Secrets.isSecret(key.key())).isEqualTo(key.isSecret());
    }

    @Test
    void noKeyIsDeclaredTwice() {
        assertThat(all()).extracting(ConfigKey::key).doesNotHaveDuplicates();
    }

    /** The first line that differs; empty where none does. */
    private static String difference(Path file, String present, String declared) {
        List<String> is = present.lines().toList();
        List<String> should = declared.lines().toList();
        for (int line = 0; line < Math.max(is.size(), should.size()); line++) {
            String one = line < is.size() ? is.get(line) : "(nothing)";
            String other = line < should.size() ? should.get(line) : "(nothing)";
            if (!one.equals(other)) {
                return file + ":" + (line + 1) + " is\n" + one + "\nand the declarations of the keys make it\n" + other
                        + "\nEdit a declaration, then write all places with: mvn test -Dtest=KeyListsTest -Dupdate";
            }
        }
        return present.equals(declared) ? "" : file + " has other line ends than the declarations of the keys make";
    }
}
