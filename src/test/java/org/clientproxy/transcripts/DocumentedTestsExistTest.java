package org.clientproxy.transcripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documents point to is there: the tests that they name, and the files and headings that they link to. */
class DocumentedTestsExistTest {
    private static final Pattern TEST = Pattern.compile("\\b[A-Z]\\w+?(Test|IT|Scenarios)\\b");
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#]*)(?:#([^)]+))?\\)");

    static List<Path> documents() throws IOException {
        try (Stream<Path> docs = Files.list(Path.of("docs"))) {
            Stream<Path> others = Stream.of(
                            "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "examples/README.md")
                    .map(Path::of);
            return Stream.concat(docs, others)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void namesTestsThatAreThere(Path document) throws IOException {
        Set<String> tests = new HashSet<>();
        for (String sources : List.of("src/test/java", "examples/testkit/src/test/java")) {
            try (Stream<Path> files = Files.walk(Path.of(sources))) {
                files.forEach(file -> tests.add(file.getFileName().toString().replace(".java", "")));
            }
        }
        // A star in front stands for several: it is a pattern of Maven's.
        List<String> named = all(TEST, Files.readString(document).replaceAll("\\*\\w+", ""));
        assertThat(tests).containsAll(named);
    }

    @ParameterizedTest
    @MethodSource("documents")
    void linksToWhatIsThere(Path document) throws IOException {
        List<String> dead = new ArrayList<>();
        Matcher link = LINK.matcher(Files.readString(document));
        while (link.find()) {
            Path target = link.group(1).isEmpty() ? document : document.resolveSibling(link.group(1));
            boolean there = Files.exists(target);
            if (there && link.group(2) != null) {
                there = headings(target).contains(link.group(2));
            }
            if (!there) {
                dead.add(link.group());
            }
        }
        assertThat(dead).isEmpty();
    }

    /** All documents are shipped, and so must be what they link to. */
    @ParameterizedTest
    @MethodSource("documents")
    void linksToWhatIsInTheDistribution(Path document) throws IOException {
        String assembly = Files.readString(Path.of("src/assembly/distribution.xml"));
        List<String> shipped = Pattern.compile("<(?:directory|include)>([^<.][^<]*)<")
                .matcher(assembly)
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(shipped).contains("docs", "README.md");
        List<String> dead = new ArrayList<>();
        Matcher link = LINK.matcher(Files.readString(document));
        while (link.find()) {
            String target = document.resolveSibling(link.group(1)).normalize().toString();
            if (!link.group(1).isEmpty()
                    && shipped.stream().noneMatch(each -> target.equals(each) || target.startsWith(each + "/"))) {
                dead.add(link.group());
            }
        }
        assertThat(dead).isEmpty();
    }

    /** The headings of a document as GitHub writes them in links. */
    private static List<String> headings(Path document) throws IOException {
        return all(Pattern.compile("(?m)^#+ .+$"), Files.readString(document)).stream()
                .map(heading -> heading.replaceFirst("#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\w -]", "")
                        .replace(' ', '-'))
                .toList();
    }

    private static List<String> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(found -> found.group()).toList();
    }
}
