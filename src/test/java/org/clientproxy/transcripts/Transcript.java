package org.clientproxy.transcripts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One file of named actors' stanzas, read. {@code src/test/resources/transcripts/README.md} describes the form.
 *
 * @param name the file's name without its ending
 * @param title the first line of comment, which says what the transcript shows
 * @param servers the servers that it is played on: {@code loopback} too, unless the file says {@code only}
 * @param keys the configuration over the one that all transcripts have
 * @param actors the sessions by their names: full addresses
 * @param steps what happens, in order
 */
record Transcript(
        String name,
        String title,
        Set<String> servers,
        Map<String, String> keys,
        Map<String, String> actors,
        List<Step> steps) {
    private static final Pattern HEADER = Pattern.compile("(on|only|with|actor): (.+)");
    private static final Pattern STEP =
            Pattern.compile("(\\w+) (connects|leaves|breaks|sends:|receives:|receives nothing)");
    private static final Pattern REPEATED = Pattern.compile("\\{([^{}*]+)\\*(\\d+)}");
    private static final Pattern POOL = Pattern.compile("the proxy knows (\\d+) resources?");
    private static final Pattern STREAM = Pattern.compile("the component's stream breaks");
    private static final Pattern ROUTE = Pattern.compile("the route (\\w+) (stops|starts)");
    private static final Pattern OPERATOR = Pattern.compile("the operator (pause|resume)s the proxy");
    private static final String STOP = "the proxy stops";

    /**
     * One thing that happens.
     *
     * @param line where it stands in the file, from 1
     * @param actor who does it; {@code proxy} for what is asked of the proxy or done to it, {@code stream} for the component's
     *     stream, {@code operator}
     * @param action what is done: the words behind the actor's name
     * @param xml the stanza, or the least that it must be; a number for the pool, a name for a route, what the operator
     *     does; empty where nothing belongs to it
     */
    record Step(int line, String actor, String action, String xml) {}

    /** All transcripts, in the order of their names. */
    static List<Transcript> all() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/transcripts"))) {
            List<Transcript> all = new ArrayList<>();
            for (Path file : files.filter(file -> file.toString().endsWith(".txt"))
                    .sorted()
                    .toList()) {
                all.add(read(file.getFileName().toString().replace(".txt", ""), Files.readAllLines(file)));
            }
            return all;
        }
    }

    /** @throws IllegalArgumentException that names the file and the line which is wrong */
    static Transcript read(String name, List<String> lines) {
        String title = "";
        Set<String> servers = new TreeSet<>(Set.of("loopback"));
        Map<String, String> keys = new LinkedHashMap<>();
        Map<String, String> actors = new LinkedHashMap<>();
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            Matcher header = HEADER.matcher(line);
            if (line.startsWith("#")) {
                title = title.isEmpty() ? line.substring(1).strip() : title;
            } else if (header.matches()) {
                String[] words = header.group(2).split("\\s*[ =]\\s*", 2);
                switch (header.group(1)) {
                    case "on" -> servers.addAll(List.of(header.group(2).split(",? ")));
                    case "only" ->
                        servers = new TreeSet<>(List.of(header.group(2).split(",? ")));
                    case "with" -> keys.put(words[0], words[1]);
                    default -> actors.put(words[0], words[1]);
                }
            } else if (!line.isBlank()) {
                StringBuilder xml = new StringBuilder();
                int at = i + 1;
                while (i + 1 < lines.size() && lines.get(i + 1).startsWith("  ")) {
                    xml.append(repeated(lines.get(++i).strip())).append('\n');
                }
                steps.add(step(name, at, line, xml.toString().strip(), actors));
            }
        }
        return new Transcript(name, title, servers, keys, actors, steps);
    }

    /** A line with what it says is there several times, such as <code>{x*3}</code>; # is the number of each, from 1. */
    private static String repeated(String line) {
        return REPEATED.matcher(line)
                .replaceAll(found -> Matcher.quoteReplacement(IntStream.rangeClosed(1, Integer.parseInt(found.group(2)))
                        .mapToObj(n -> found.group(1).replace("#", "" + n))
                        .collect(Collectors.joining())));
    }

    private static Step step(String name, int line, String text, String xml, Map<String, String> actors) {
        Matcher step = STEP.matcher(text);
        Matcher pool = POOL.matcher(text);
        Matcher route = ROUTE.matcher(text);
        Matcher operator = OPERATOR.matcher(text);
        if (pool.matches()) {
            return new Step(line, "proxy", "knows", pool.group(1));
        } else if (STREAM.matcher(text).matches()) {
            return new Step(line, "stream", "breaks", "");
        } else if (route.matches()) {
            return new Step(line, "proxy", "route " + route.group(2), route.group(1));
        } else if (operator.matches()) {
            return new Step(line, "operator", "operates", operator.group(1));
        } else if (text.equals(STOP)) {
            return new Step(line, "proxy", "stops", "");
        } else if (!step.matches() || !actors.containsKey(step.group(1))) {
            throw new IllegalArgumentException(name + ", line " + line + ": no step of an actor: " + text);
        } else if (step.group(2).endsWith(":") == xml.isEmpty()) {
            throw new IllegalArgumentException(name + ", line " + line + ": a stanza is missing or too many: " + text);
        }
        return new Step(line, step.group(1), step.group(2).replace(":", ""), xml);
    }

    /** Whether somebody of this name does something in it. */
    boolean has(String actor) {
        return steps.stream().anyMatch(step -> step.actor().equals(actor));
    }

    @Override
    public String toString() {
        return name;
    }
}
