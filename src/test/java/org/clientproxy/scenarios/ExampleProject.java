package org.clientproxy.scenarios;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A project of {@code examples/}, built by the Maven command of its README. It finds our packaged jars as {@code mvn install} would
 * put them, but in a repository of its own: links to all that the build's repository has, and what is ours beside them.
 */
final class ExampleProject {
    private static final Path BUILT =
            Path.of(System.getProperty("local.repository", System.getProperty("user.home") + "/.m2/repository"));

    private final Path readme;
    private final Path repository;

    /** @param name of its directory, and of the repository */
    ExampleProject(String name) throws Exception {
        readme = Path.of("examples", name, "README.md");
        repository = Path.of("target", "repository-" + name).toAbsolutePath();
        link(BUILT, repository, "org");
        link(BUILT.resolve("org"), repository.resolve("org"), "clientproxy");
        String artifact = "camel-client-proxy";
        String version = PomFile.text(PomFile.read(Path.of("pom.xml")), "version", "");
        Path ours = Files.createDirectories(
                repository.resolve("org/clientproxy").resolve(artifact).resolve(version));
        Files.copy(
                Path.of("pom.xml"),
                ours.resolve(artifact + "-" + version + ".pom"),
                StandardCopyOption.REPLACE_EXISTING);
        for (String classifier : List.of("", "-testkit")) {
            Files.copy(
                    Path.of("target", artifact + classifier + ".jar"),
                    ours.resolve(artifact + "-" + version + classifier + ".jar"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void link(Path from, Path to, String except) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> entries = Files.list(from)) {
            for (Path entry : entries.toList()) {
                Path link = to.resolve(entry.getFileName());
                if (!entry.endsWith(except) && !Files.exists(link)) {
                    Files.createSymbolicLink(link, entry.toAbsolutePath());
                }
            }
        }
    }

    /**
     * Starts the command that stands in the project's README.
     *
     * @param settings system properties
     * @param log where its output goes
     */
    Process start(String command, Map<String, String> settings, Path log) throws IOException {
        if (!Files.readString(readme).contains("\n    " + command)) {
            throw new AssertionError(readme + " has no command: " + command);
        }
        List<String> more = new ArrayList<>(List.of("-Dmaven.repo.local=" + repository));
        settings.forEach((key, value) -> more.add("-D" + key + "=" + value));
        return maven(command, more, log);
    }

    /** Starts a Maven command of a document, with further arguments. As for a user, what is not here yet is fetched. */
    static Process maven(String command, List<String> more, Path log) throws IOException {
        List<String> all = new ArrayList<>(List.of(command.split(" ")));
        all.addAll(1, List.of("-B", "-ntp", "-Dstyle.color=never"));
        all.addAll(more);
        return new ProcessBuilder(all)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }
}
