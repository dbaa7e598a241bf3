package org.clientproxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.util.FileUtil;
import org.clientproxy.config.ProxyConfiguration;

/**
 * The program's {@code --rehearse}: a start as any, at a server within this process, and one request, then a stop. After that the JVM
 * knows the classes that a start needs, and can be told to write them into an archive, with which later starts are
 * quicker ({@code bin/client-proxy --archive}). It uses no configuration, and leaves no files.
 */
final class Rehearsal {
    private static final String HOST = "proxy.invalid";
    private static final String WORKER = "worker@server.invalid";

    /** How long nothing may come, in milliseconds. */
    private static final int PATIENCE = 30_000;

    /**
     * What the server awaits, and what it says to that.
     *
     * @param said what the expression's group has found stands there for {@code %s}
     */
    private record Turn(Pattern awaited, String said) {
        static Turn of(String awaited, String said) {
            return new Turn(Pattern.compile(awaited), said);
        }
    }

    private static final List<Turn> DIALOGUE = List.of(
            Turn.of(
                    "(<stream:stream) ",
                    "<stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams'"
                            + " from='" + HOST + "' id='1'>"),
            Turn.of("(</handshake>)", "<handshake/>"),
            Turn.of("(type='subscribe')", "<presence type='subscribed' from='" + WORKER + "' to='" + HOST + "'/>"),
            Turn.of(
                    "(type='probe')",
                    "<presence from='" + WORKER + "/a' to='" + HOST + "'/>"
                            + "<iq type='get' id='1' from='requester@server.invalid/a' to='" + HOST
                            + "'><query xmlns='urn:example:q'/></iq>"),
            Turn.of(
                    "<iq [^>]*from='(" + HOST + "/[^']*)'",
                    "<iq type='result' id='1' from='" + WORKER + "/a' to='%s'/>"),
            Turn.of("(type='result')", ""));

    private Rehearsal() {}

    /** @throws Exception where it does not end well */
    static void run() throws Exception {
        Path data = Files.createTempDirectory("client-proxy");
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Map<String, String> keys = Map.of(
                    "xmpp.host",
                    server.getInetAddress().getHostAddress(),
                    "xmpp.port",
                    "" + server.getLocalPort(),
                    "xmpp.secret",
                    "rehearsal",
                    "proxy.domain",
                    HOST,
                    "proxy.target",
                    WORKER,
                    "proxy.confirm-timeout",
                    "100ms",
                    "proxy.data-dir",
                    data.toString(),
                    // Where the environment switches the management server on.
                    "camel.management.port",
                    "0");
            org.apache.camel.main.Main camel = Main.create(ProxyConfiguration.read(keys, Map.of()), keys);
            camel.start();
            server.setSoTimeout(PATIENCE);
            try (Socket proxy = server.accept()) {
                converse(proxy);
            } finally {
                camel.stop();
            }
        } finally {
            FileUtil.removeDir(data.toFile());
        }
    }

    private static void converse(Socket proxy) throws IOException {
        proxy.setSoTimeout(PATIENCE);
        StringBuilder unread = new StringBuilder();
        for (Turn turn : DIALOGUE) {
            String found = await(turn.awaited(), proxy, unread);
            proxy.getOutputStream().write(turn.said().formatted(found).getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String await(Pattern awaited, Socket proxy, StringBuilder unread) throws IOException {
        byte[] octets = new byte[4096];
        Matcher matcher = awaited.matcher(unread);
        while (!matcher.find()) {
            int count = proxy.getInputStream().read(octets);
            if (count < 0) {
                throw new IOException("the stream ended before " + awaited);
            }
            unread.append(new String(octets, 0, count, StandardCharsets.UTF_8));
            matcher.reset();
        }
        String found = matcher.group(1);
        unread.delete(0, matcher.end());
        return found;
    }
}
