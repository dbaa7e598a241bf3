package org.clientproxy.transcripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Each command and each sample of the pages has somebody who runs it. Who, is written in {@code documented-samples.txt}; a new sample
 * without a line there fails, and so does a line whose sample or runner is gone.
 */
class DocumentedSamplesTest {
    private static final Path LIST = Path.of("src/test/resources/documented-samples.txt");

    /** A sample by its first line, or a line of the list by the first words. */
    private record Sample(String page, String begin, String runners) {
        boolean is(Sample block) {
            return page.equals(block.page) && block.begin.startsWith(begin);
        }
    }

    @Test
    void eachSampleHasALineAndEachLineASample() throws IOException {
        List<Sample> blocks = blocks();
        List<Sample> lines = lines();
        assertThat(blocks).hasSizeGreaterThan(80);
        assertThat(blocks.stream().filter(block -> lines.stream().noneMatch(line -> line.is(block))))
                .as("samples of which %s does not say who runs them", LIST)
                .isEmpty();
        assertThat(lines.stream().filter(line -> blocks.stream().noneMatch(line::is)))
                .as("lines of %s without a sample", LIST)
                .isEmpty();
    }

    @Test
    void whoRunsThemIsThere() throws IOException {
        Set<String> tests = new HashSet<>();
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            files.forEach(file -> tests.add(file.getFileName().toString().replace(".java", "")));
        }
        for (Sample line : lines()) {
            for (String runner : line.runners.split(", ")) {
                switch (runner) {
                    case "shown", "by hand" -> {}
                    case "untried" ->
                        assertThat(Files.readString(Path.of(line.page)))
                                .as(line + ": the page says so")
                                .containsPattern("\\b(not tried|untried)\\b");
                    case ".ci/run", ".ci/packages" ->
                        assertThat(Path.of(runner)).isExecutable();
                    default -> assertThat(tests).as(line.toString()).contains(runner);
                }
            }
        }
    }

    private static List<Sample> lines() throws IOException {
        return Files.readAllLines(LIST).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.split(" \\| "))
                .map(parts -> new Sample(parts[0], parts[1], parts[2]))
                .toList();
    }

    /** What stands between fences, or is indented by four after a line that is empty. */
    private static List<Sample> blocks() throws IOException {
        List<Sample> blocks = new ArrayList<>();
        for (Path page : pages()) {
            List<String> text = Files.readAllLines(page);
            for (int i = 0; i < text.size(); i++) {
                if (text.get(i).startsWith("```")) {
                    blocks.add(new Sample(page.toString(), text.get(i + 1).strip(), ""));
                    do {
                        i++;
                    } while (!text.get(i).startsWith("```"));
                } else if (isIndented(text.get(i)) && (i == 0 || text.get(i - 1).isBlank())) {
                    blocks.add(new Sample(page.toString(), text.get(i).strip(), ""));
                    while (i + 1 < text.size()
                            && (isIndented(text.get(i + 1)) || text.get(i + 1).isBlank())) {
                        i++;
                    }
                }
            }
        }
        return blocks;
    }

    private static boolean isIndented(String line) {
        return line.startsWith("    ") && !line.isBlank();
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(Path.of("README.md"), Path.of("CONTRIBUTING.md")));
        for (String directory : List.of("docs", "examples")) {
            try (Stream<Path> files = Files.walk(Path.of(directory))) {
                files.filter(file -> file.toString().endsWith(".md")
                                && !file.toString().contains("/target/"))
                        .sorted()
                        .forEach(pages::add);
            }
        }
        return pages;
    }
}
