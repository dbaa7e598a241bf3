package org.clientproxy.transcripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of symptoms quotes what the program says: each line of the log, and each element of its errors. */
class TroubleshootingTest {
    private static final Path PAGE = Path.of("docs/troubleshooting.md");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
    private static final Pattern LITERAL = Pattern.compile("\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"");

    /** The texts in the first cells of the tables, in which the log stands. */
    private static Set<String> quoted() throws IOException {
        Set<String> quoted = new LinkedHashSet<>();
        for (String line : Files.readAllLines(PAGE)) {
            if (line.startsWith("| ") && !line.startsWith("| log") && !line.startsWith("| the error")) {
                Matcher text = QUOTED.matcher(line.substring(0, line.indexOf(" | ", 2)));
                while (text.find()) {
                    quoted.add(text.group(1));
                }
            }
        }
        return quoted;
    }

    /** Of each source file its texts, those that are joined by a plus in one. */
    private static List<String> sources() throws IOException {
        List<String> sources = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".java")).toList()) {
                StringBuilder texts = new StringBuilder();
                Matcher literal = LITERAL.matcher(Files.readString(file).replaceAll("\"\\s*\\+\\s*\"", ""));
                while (literal.find()) {
                    texts.append(literal.group(1).replace("\\\"", "\"")).append('\n');
                }
                sources.add(texts.toString());
            }
        }
        return sources;
    }

    @Test
    void eachLineOfTheLogIsTheProgramsOwn() throws Exception {
        List<String> sources = sources();
        Set<String> lines = quoted();
        lines.removeIf(text -> text.startsWith("<") || text.startsWith("-of-"));
        assertThat(lines).hasSizeGreaterThan(35);
        // What varies may come from another class than the words around it.
        lines.removeIf(line -> Stream.of(line.split("…"))
                .map(String::strip)
                .allMatch(part -> part.length() < 3 || sources.stream().anyMatch(source -> source.contains(part))));
        assertThat(lines).as("no source has").isEmpty();
    }

    @Test
    void eachElementIsOneOfTheProgramsErrors() throws Exception {
        String all = String.join("\n", sources());
        Set<String> elements = quoted();
        elements.removeIf(text -> !text.startsWith("<"));
        assertThat(elements).hasSizeGreaterThan(12).allSatisfy(element -> assertThat(all)
                .contains("\n" + element.replaceAll("[</>]", "") + "\n"));
    }
}
