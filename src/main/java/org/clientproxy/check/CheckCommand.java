package org.clientproxy.check;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.clientproxy.config.ConfigFile;
import org.clientproxy.config.ProxyConfiguration;
import org.clientproxy.proxy.settings.ProxySettings;

/** The program's {@code --check}: what stands between the configuration and served requests, a line for each thing. */
public final class CheckCommand {
    /** All is well, or as good as. */
    public static final int WELL = 0;
    /** Something is wrong, here or at the server. */
    public static final int WRONG = 1;
    /** The configuration is wrong, and was all that was looked at. */
    public static final int WRONG_CONFIGURATION = 2;

    private CheckCommand() {}

    /**
     * Checks all proxies of a configuration, side by side, and prints what it finds. It takes half a minute at most.
     *
     * @param environment environment variables, which are stronger than the file
     * @return the exit code
     */
    public static int run(Path file, Map<String, String> environment, PrintStream out) throws InterruptedException {
        Map<String, String> properties;
        List<ProxySettings> proxies;
        try {
            properties = ConfigFile.properties(file);
            proxies = ProxyConfiguration.read(properties, environment);
        } catch (IllegalArgumentException e) {
            String.valueOf(e.getMessage()).lines().forEach(line -> out.println(
                    Finding.wrong(Matter.CONFIGURATION, line).line("")));
            return WRONG_CONFIGURATION;
        }
        return print(proxies, check(proxies, ManagementAddress.of(properties, environment), Limits.USUAL), out);
    }

    private static List<List<Finding>> check(
            List<ProxySettings> proxies, Optional<ManagementAddress> management, Limits limits)
            throws InterruptedException {
        EventLoopGroup loops = new NioEventLoopGroup(1);
        ExecutorService threads = Executors.newFixedThreadPool(proxies.size());
        try {
            List<Future<List<Finding>>> checks = threads.invokeAll(proxies.stream()
                    .map(one -> new ProxyCheck(one, management, loops.next(), limits))
                    .map(check -> (Callable<List<Finding>>) check::run)
                    .toList());
            List<List<Finding>> findings = new ArrayList<>();
            for (Future<List<Finding>> each : checks) {
                findings.add(each.get());
            }
            return findings;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a check failed itself", e.getCause());
        } finally {
            threads.shutdownNow();
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private static int print(List<ProxySettings> proxies, List<List<Finding>> findings, PrintStream out) {
        for (int i = 0; i < proxies.size(); i++) {
            String name = proxies.size() == 1 ? "" : proxies.get(i).name();
            findings.get(i).forEach(each -> out.println(each.line(name)));
        }
        Stream<Finding> all = findings.stream().flatMap(List::stream);
        return all.anyMatch(Finding::isWrong) ? WRONG : WELL;
    }
}
