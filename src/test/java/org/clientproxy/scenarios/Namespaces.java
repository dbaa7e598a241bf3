package org.clientproxy.scenarios;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Networks of their own for some nodes, which a test makes and takes away: a namespace for each, and one in their midst with three
 * bridges. By the first the nodes reach each other, by the second the server, and by the third the test sees how they are, whatever
 * becomes of the others. Nothing outside of these is touched.
 */
final class Namespaces implements AutoCloseable {
    static final String SERVER = "10.232.0.254";

    private static final String WATCHER = "10.233.0.254";

    // States of a bridge's port, as the kernel numbers them.
    private static final int DISABLED = 0;
    private static final int FORWARDING = 3;

    private final String name = "client-proxy-" + ProcessHandle.current().pid();
    private final List<String> made = new ArrayList<>();

    /** @throws IOException that says why this machine makes none */
    Namespaces(int count) throws IOException, InterruptedException {
        try {
            add(midst());
            for (String bridge : List.of("nodes", "server", "watch")) {
                in(midst(), "ip", "link", "add", bridge, "type", "bridge");
                in(midst(), "ip", "link", "set", bridge, "up");
            }
            in(midst(), "ip", "addr", "add", SERVER + "/24", "dev", "server");
            in(midst(), "ip", "addr", "add", WATCHER + "/24", "dev", "watch");
            for (int number = 1; number <= count; number++) {
                add(of(number));
                join(number, "nodes", among(number));
                join(number, "server", "10.232.0." + number);
                join(number, "watch", watched(number));
            }
        } catch (IOException | InterruptedException e) {
            close();
            throw e;
        }
    }

    private void add(String namespace) throws IOException, InterruptedException {
        run(List.of("ip", "netns", "add", namespace));
        made.add(namespace);
        in(namespace, "ip", "link", "set", "lo", "up");
    }

    private void join(int number, String bridge, String address) throws IOException, InterruptedException {
        String here = bridge + number;
        in(midst(), "ip", "link", "add", here, "type", "veth", "peer", "name", bridge, "netns", of(number));
        in(midst(), "ip", "link", "set", here, "master", bridge, "up");
        in(of(number), "ip", "addr", "add", address + "/24", "dev", bridge);
        in(of(number), "ip", "link", "set", bridge, "up");
    }

    /** The namespace in the midst, where the server is. */
    String midst() {
        return name;
    }

    /** The namespace of a node. */
    String of(int number) {
        return ofAll() + number;
    }

    /** What the names of all nodes' namespaces begin with; their numbers follow. */
    String ofAll() {
        return name + "-";
    }

    private static String among(int number) {
        return "10.231.0." + number;
    }

    private static String watched(int number) {
        return "10.233.0." + number;
    }

    /** @param ofAll what the names of all nodes' namespaces begin with */
    static NodeProcesses.Place place(String ofAll, int number) {
        return new NodeProcesses.Place(within(ofAll + number), among(number), watched(number));
    }

    static List<String> within(String namespace) {
        return List.of("ip", "netns", "exec", namespace);
    }

    private static void in(String namespace, String... command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(within(namespace));
        all.addAll(List.of(command));
        run(all);
    }

    /** From within the midst: the link of a node to the others, or to the server, is there or not. */
    static void link(String bridge, int number, boolean up) throws IOException, InterruptedException {
        run(List.of("ip", "link", "set", bridge + number, up ? "up" : "down"));
    }

    /** The same of what is sent by it, either way: the link stays up, and nothing comes through. */
    static void discard(String bridge, int number, boolean all) throws IOException, InterruptedException {
        run(List.of("bridge", "link", "set", "dev", bridge + number, "state", "" + (all ? DISABLED : FORWARDING)));
    }

    /** The same between these nodes alone: each of them reaches the others. */
    static void discardBetween(List<Integer> nodes, boolean all) throws IOException, InterruptedException {
        for (int number : nodes) {
            run(List.of("bridge", "link", "set", "dev", "nodes" + number, "isolated", all ? "on" : "off"));
        }
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said.strip());
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        for (String namespace : made) {
            run(List.of("ip", "netns", "del", namespace));
        }
        made.clear();
    }
}
