package org.clientproxy.transcripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The tables of {@code docs/protocol.md} and the transcripts belong together: each row says what shows it. */
class DocumentedTranscriptsTest {
    private static final Path PROTOCOL = Path.of("docs/protocol.md");
    private static final Pattern NAME = Pattern.compile("`([a-z0-9-]+)\\.txt`");

    @Test
    void eachTranscriptIsNamedAndEachNameIsATranscript() throws IOException {
        List<String> named = NAME.matcher(Files.readString(PROTOCOL))
                .results()
                .map(found -> found.group(1))
                .distinct()
                .toList();
        assertThat(named)
                .containsExactlyInAnyOrderElementsOf(
                        Transcript.all().stream().map(Transcript::name).toList());
    }

    @Test
    void eachRowSaysWhatShowsIt() throws IOException {
        List<String> silent = new ArrayList<>();
        int rows = 0;
        // The tables of states are held against the code by tests of their own.
        boolean behaviour = false;
        for (String line : Files.readAllLines(PROTOCOL)) {
            if (!line.startsWith("|")) {
                behaviour = false;
            } else if (line.endsWith("| shown by |")) {
                behaviour = true;
            } else if (behaviour && line.startsWith("| ")) {
                rows++;
                String last = line.substring(line.lastIndexOf('|', line.length() - 2));
                if (!NAME.matcher(last).find() && !last.matches(".*`\\w+(Test|IT|Scenarios)`.*")) {
                    silent.add(line);
                }
            }
        }
        assertThat(silent).isEmpty();
        assertThat(rows).as("the tables are found").isGreaterThan(30);
    }
}
