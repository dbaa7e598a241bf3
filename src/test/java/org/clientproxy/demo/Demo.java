package org.clientproxy.demo;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.util.FileUtil;
import org.clientproxy.Main;
import org.clientproxy.config.ProxyConfiguration;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.xmpp.Stanza;

/**
 * Shows the proxy at work, on a small XMPP server inside this program and on 127.0.0.1 only: a request on its four legs, the
 * balance over two implementing clients, one that goes away, nobody there, and the recovery. Then it stays, for a person to
 * log in. With the argument {@code --once} it ends by itself; the exit code is 0 if all was as expected.
 */
public final class Demo {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String PASSWORD = "demo";
    private static final String PROXY = "proxy.localhost";
    private static final String SECRET = "demo-secret";

    private final List<String> legs = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch cleaned = new CountDownLatch(1);
    private int failures;
    private int counter;

    private Demo() {}

    public static void main(String[] args) throws Exception {
        boolean once = Arrays.asList(args).contains("--once");
        Demo demo = new Demo();
        boolean right;
        try {
            right = demo.run(once);
        } finally {
            demo.cleaned.countDown();
        }
        System.exit(right ? 0 : 1);
    }

    private boolean run(boolean once) throws Exception {
        Path data = Files.createTempDirectory("client-proxy-demo");
        Map<String, String> accounts = Map.of("worker", PASSWORD, "alice", PASSWORD, "you", PASSWORD);
        try (LoopbackServer server = new LoopbackServer(accounts, PROXY, SECRET)) {
            server.start();
            title("The parts");
            say("An XMPP server listens on 127.0.0.1, port " + server.clientPort() + " for clients and "
                    + server.componentPort() + " for components.");
            org.apache.camel.main.Main proxy = Main.create(ProxyConfiguration.read(
                    Map.of(
                            "xmpp.host",
                            "127.0.0.1",
                            "xmpp.port",
                            "" + server.componentPort(),
                            "xmpp.secret",
                            SECRET,
                            "proxy.domain",
                            PROXY,
                            "proxy.target",
                            "worker@localhost",
                            "proxy.data-dir",
                            data.toString()),
                    Map.of()));
            proxy.start();
            say("The proxy is the component " + PROXY + " of that server, for the sessions of worker@localhost.");
            try (GreetingService last = show(server)) {
                if (!once) {
                    stay(server, last);
                }
            } finally {
                proxy.stop();
            }
        } finally {
            FileUtil.removeDir(data.toFile());
        }
        say("");
        say(failures == 0 ? "All was as expected." : failures + " things were not as expected.");
        return failures == 0;
    }

    /** The whole show; gives the implementing client that is there at its end. */
    private GreetingService show(LoopbackServer server) throws Exception {
        RawClient alice = RawClient.login(server, "alice", PASSWORD, "home");
        say("alice@localhost/home is a requester: an ordinary client.");
        GreetingService one = service(server, "one");
        GreetingService two = service(server, "two");
        say("worker@localhost/one and /two are implementing clients: ordinary clients too, written with Smack.");
        awaitAnswers(alice, "one", "two");

        title("One request on its four legs");
        server.tap(this::keep);
        Stanza answer = ask(alice);
        server.tap((direction, stanza) -> {});
        expect("alice gets one result, from the address that she asked", PROXY.equals(answer.from()));
        String[] meanings = {
            "1. the requester asks the proxy host",
            "2. the proxy asks a resource; its own address, with a token for alice, is where the answer goes",
            "3. the resource answers that address",
            "4. the proxy gives alice the answer as its own"
        };
        for (int i = 0; i < legs.size(); i++) {
            say("");
            say("   " + (i < meanings.length ? meanings[i] : "?"));
            say("   " + legs.get(i));
        }
        say("");
        expect("four stanzas passed the component's connection", legs.size() == 4);

        title("Balance");
        Map<String, Integer> counts = askMany(alice, 100);
        say("   100 requests were answered by: " + counts);
        expect(
                "both resources took their share",
                counts.size() == 2 && counts.values().stream().allMatch(n -> n > 15));

        title("One resource goes away");
        one.close();
        awaitOnly(alice, "two");
        counts = askMany(alice, 50);
        say("   50 requests were answered by: " + counts);
        expect("the other one takes them all", counts.equals(Map.of("two", 50)));

        title("Nobody is there");
        two.close();
        Stanza refusal = awaitRefusal(alice);
        say("   " + inStream(refusal));
        expect("alice is told so at once", content(refusal).contains("service-unavailable"));

        title("Recovery");
        GreetingService three = service(server, "three");
        awaitAnswers(alice, "three");
        expect(
                "a new resource is used as soon as it is there",
                content(ask(alice)).contains("three"));
        alice.close();
        return three;
    }

    private void stay(LoopbackServer server, GreetingService there) throws InterruptedException {
        title("Try it yourself");
        say("Log in with any XMPP client, without encryption, and send an IQ to " + PROXY + ":");
        say("   server            127.0.0.1, port " + server.clientPort());
        say("   address           you@localhost     password  " + PASSWORD);
        say("   or as a resource  worker@localhost  password  " + PASSWORD);
        say("   answers now       " + there.address());
        say("   an IQ to try:");
        say("      <iq type='get' id='1' to='" + PROXY + "'><greeting xmlns='" + GreetingService.NAMESPACE
                + "'/></iq>");
        say("Another component than the proxy would use port " + server.componentPort() + " and the secret " + SECRET
                + ". Ctrl-C ends it all.");
        CountDownLatch ended = new CountDownLatch(1);
        // The program ends when its hooks have, so this one waits until all is put away.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            ended.countDown();
            awaitCleaned();
        }));
        ended.await();
    }

    private void awaitCleaned() {
        try {
            cleaned.await(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static GreetingService service(LoopbackServer server, String resource) throws Exception {
        return new GreetingService("127.0.0.1", server.clientPort(), "localhost", "worker", PASSWORD, resource);
    }

    private void keep(LoopbackServer.Direction direction, Stanza stanza) {
        if (stanza.kind() == Stanza.Kind.IQ) {
            legs.add(inStream(stanza));
        }
    }

    /** As it stands inside its stream, where the header declares the namespace. */
    private static String inStream(Stanza stanza) {
        return stanza.toXml().replace(" xmlns='jabber:component:accept'", "");
    }

    private Stanza ask(RawClient requester) throws Exception {
        String id = "ask" + counter++;
        requester.send("<iq type='get' id='" + id + "' to='" + PROXY + "'><greeting xmlns='" + GreetingService.NAMESPACE
                + "'/></iq>");
        return requester.await("an answer to " + id, stanza -> stanza.isReply() && id.equals(stanza.id()));
    }

    private Map<String, Integer> askMany(RawClient requester, int times) throws Exception {
        Map<String, Integer> counts = new TreeMap<>();
        for (int i = 0; i < times; i++) {
            counts.merge(answerer(ask(requester)), 1, Integer::sum);
        }
        return counts;
    }

    /** The resource that greets; its condition where there is an error. */
    private static String answerer(Stanza answer) {
        String content = content(answer);
        int from = content.indexOf("Hello from ");
        return from < 0 ? content : content.substring(from + 11, content.indexOf('<', from));
    }

    private void awaitAnswers(RawClient requester, String... resources) throws Exception {
        List<String> missing = new ArrayList<>(List.of(resources));
        for (long until = System.nanoTime() + LIMIT.toNanos(); !missing.isEmpty() && System.nanoTime() < until; ) {
            missing.remove(answerer(ask(requester)));
        }
        expect("answers come from " + List.of(resources), missing.isEmpty());
    }

    private void awaitOnly(RawClient requester, String resource) throws Exception {
        int inARow = 0;
        for (long until = System.nanoTime() + LIMIT.toNanos(); inARow < 20 && System.nanoTime() < until; ) {
            inARow = answerer(ask(requester)).equals(resource) ? inARow + 1 : 0;
        }
    }

    private Stanza awaitRefusal(RawClient requester) throws Exception {
        Stanza answer = ask(requester);
        for (long until = System.nanoTime() + LIMIT.toNanos(); System.nanoTime() < until; answer = ask(requester)) {
            if ("error".equals(answer.type()) && content(answer).contains("service-unavailable")) {
                break;
            }
        }
        return answer;
    }

    private static String content(Stanza stanza) {
        return new String(stanza.content(), StandardCharsets.UTF_8);
    }

    private void expect(String what, boolean right) {
        failures += right ? 0 : 1;
        say((right ? " \u2713 " : " \u2717 NOT SO: ") + what);
    }

    private static void title(String text) {
        say("");
        say("== " + text + " ==");
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
