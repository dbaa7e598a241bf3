package org.clientproxy.scenarios;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Networks of their own for some nodes, which a test makes and takes away: a namespace for each, and one in their midst with two
 * bridges, by the one of which the nodes reach each other, and by the other one the server. Nothing outside of these is touched.
 */
final class Namespaces implements AutoCloseable {
    static final String SERVER = "10.232.0.254";

    private final String name = "client-proxy-" + ProcessHandle.current().pid();
    private final List<String> made = new ArrayList<>();

    /** @throws IOException that says why this machine makes none */
    Namespaces(int count) throws IOException, InterruptedException {
        try {
            add(midst());
            for (String bridge : List.of("nodes", "server")) {
                in(midst(), "ip", "link", "add", bridge, "type", "bridge");
                in(midst(), "ip", "link", "set", bridge, "up");
            }
            in(midst(), "ip", "addr", "add", SERVER + "/24", "dev", "server");
            for (int number = 1; number <= count; number++) {
                add(of(number));
                join(number, "nodes", among(number));
                join(number, "server", toServer(number));
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
        return name + "-" + number;
    }

    static String among(int number) {
        return "10.231.0." + number;
    }

    static String toServer(int number) {
        return "10.232.0." + number;
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
