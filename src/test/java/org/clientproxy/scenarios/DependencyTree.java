package org.clientproxy.scenarios;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.w3c.dom.Element;

/**
 * Who needs whom among the jars of the distribution: what the build writes to {@code target/dependency-tree.txt}, where each
 * artifact stands under each that needs it. Artifacts are named without group and version.
 */
final class DependencyTree {
    private static final Pattern LINE = Pattern.compile("([|+\\\\ -]*)\\(?[\\w.]+:([\\w.-]+):.*");

    private final Map<String, Set<String>> needs = new LinkedHashMap<>();

    private DependencyTree() {}

    static DependencyTree read() throws IOException {
        DependencyTree tree = new DependencyTree();
        Deque<String> above = new ArrayDeque<>();
        for (String line : Files.readAllLines(Path.of("target/dependency-tree.txt"))) {
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                throw new IllegalStateException("no artifact in: " + line);
            }
            // Each level is indented by three characters.
            while (above.size() > matcher.group(1).length() / 3) {
                above.pop();
            }
            if (!above.isEmpty()) {
                tree.needs
                        .computeIfAbsent(above.peek(), name -> new LinkedHashSet<>())
                        .add(matcher.group(2));
            }
            above.push(matcher.group(2));
        }
        return tree;
    }

    /** What our POM names and does not call optional: what comes to those who name us. */
    static List<String> named() throws Exception {
        Element project = PomFile.read(Path.of("pom.xml"));
        return PomFile.children(PomFile.child(project, "dependencies"), "dependency")
                .filter(one -> PomFile.text(one, "optional", "false").equals("false"))
                .filter(one -> Set.of("compile", "runtime").contains(PomFile.text(one, "scope", "compile")))
                .map(one -> PomFile.text(one, "artifactId", ""))
                .toList();
    }

    /** These, and whatever they need. */
    Set<String> with(Collection<String> roots) {
        Set<String> all = new TreeSet<>();
        Deque<String> open = new ArrayDeque<>(roots);
        while (!open.isEmpty()) {
            String one = open.pop();
            if (all.add(one)) {
                open.addAll(needs.getOrDefault(one, Set.of()));
            }
        }
        return all;
    }

    /** Their jars, out of the class path of this test. */
    static List<String> jars(Set<String> artifacts) {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(jar -> jar.endsWith(".jar"))
                .filter(jar ->
                        artifacts.contains(Path.of(jar).getFileName().toString().replaceFirst("-\\d+\\..*", "")))
                .toList();
    }
}
