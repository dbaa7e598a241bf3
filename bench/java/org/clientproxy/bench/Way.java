package org.clientproxy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.util.FileUtil;
import org.clientproxy.loopback.XmppServer;
import org.jspecify.annotations.Nullable;

/**
 * A way to serve requests: a program, or a module of a server.
 *
 * @param workers how many clients it forwards to; 0: it answers by itself
 * @param command starts it, where {@code PORT} stands for the port of components, and {@code DOMAIN} for its domain; empty: it is
 *     part of the server
 */
record Way(String name, int workers, List<String> command) {
    /** Answers before it is measured behind a server, so that compilers have done their work. */
    private static final long WARM_UP = 30_000;

    /** Without a server it has answered some hundred thousand by then. */
    private static final int WARM_UP_SECONDS = 10;

    /** One that is not started. */
    interface NewServer {
        XmppServer make() throws IOException;
    }

    /**
     * What one round has shown.
     *
     * @param peak with all windows open
     * @param cpu seconds of the server and of what serves, for 100,000 round trips
     * @param calm as an open loop; null: not measured
     */
    record Measured(Load.Result peak, double cpu, Load.@Nullable Result calm) {
        /** Half of what the closed loop reached, in round trips a second. */
        int half() {
            return Way.half(peak);
        }
    }

    /** @param calm round trips a second of the open loop; 0: half of what the closed loop reached */
    Measured behind(NewServer made, double seconds, int calm) throws Exception {
        try (XmppServer server = made.make();
                PeerLoad workers = new PeerLoad(server, "w", 0, 0);
                PeerLoad closed = new PeerLoad(server, "closed", PeerLoad.REQUESTERS, PeerLoad.WINDOW);
                PeerLoad open = new PeerLoad(server, "open", PeerLoad.REQUESTERS, 0)) {
            server.start();
            try (Running program = new Running(
                    server.componentPort(),
                    server.componentDomain(),
                    server.componentSecret(),
                    "worker@" + server.domain())) {
                workers.workers(this.workers);
                program.begin(workers::awaitServed);
                closed.begin();
                closed.warmUp(WARM_UP);
                Duration before = cpu();
                Load.Result peak = closed.measure(seconds);
                double cpu = peak.cpuSeconds(cpu().minus(before));
                closed.close();
                return new Measured(peak, cpu, open.open(calm == 0 ? half(peak) : calm, seconds));
            }
        }
    }

    /** Without a server: the load itself speaks XEP-0114. */
    Measured directly(double seconds) throws Exception {
        try (Load load = new Load(workers);
                Running program = new Running(load.port(), Load.DOMAIN, "secret", Load.TARGET)) {
            program.begin(load::awaitReady);
            int window = PeerLoad.REQUESTERS * PeerLoad.WINDOW;
            load.closed(window, PeerLoad.REQUESTERS, WARM_UP_SECONDS);
            Duration before = cpu();
            Load.Result peak = load.closed(window, PeerLoad.REQUESTERS, seconds);
            return new Measured(peak, peak.cpuSeconds(cpu().minus(before)), null);
        }
    }

    /** What all processes that this one started have used. */
    private static Duration cpu() {
        return ProcessHandle.current()
                .descendants()
                .map(each -> each.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    private static int half(Load.Result peak) {
        return (int) (peak.perSecond() / 2);
    }

    private interface Begin {
        void await() throws Exception;
    }

    /** The program, until it is closed. */
    private final class Running implements AutoCloseable {
        private final Path directory = Files.createTempDirectory("client-proxy-peers");
        private final @Nullable Process process;

        Running(int port, String domain, String secret, String target) throws IOException {
            if (command.isEmpty()) {
                process = null;
                return;
            }
            List<String> words = command.stream()
                    .map(word -> word.equals("PORT") ? "" + port : word.equals("DOMAIN") ? domain : word)
                    .toList();
            ProcessBuilder builder = new ProcessBuilder(words).directory(directory.toFile());
            builder.environment()
                    .putAll(Map.of(
                            "XMPP_HOST",
                            "127.0.0.1",
                            "XMPP_PORT",
                            "" + port,
                            "XMPP_SECRET",
                            secret,
                            "PROXY_DOMAIN",
                            domain,
                            "PROXY_TARGET",
                            target,
                            "LOG_LEVEL",
                            "WARN"));
            process = builder.redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log").toFile())
                    .start();
        }

        /** @throws IllegalStateException where it serves nothing, with what it has said */
        void begin(Begin begin) throws Exception {
            try {
                begin.await();
            } catch (IllegalStateException e) {
                String said = process == null ? "" : Files.readString(directory.resolve("log"));
                throw new IllegalStateException(name + ": " + e.getMessage() + "\n" + said, e);
            }
        }

        @Override
        public void close() throws Exception {
            if (process != null) {
                process.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
            }
            FileUtil.removeDir(directory.toFile());
        }
    }
}
