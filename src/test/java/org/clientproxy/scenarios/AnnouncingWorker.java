package org.clientproxy.scenarios;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.loopback.XmppServer;
import org.clientproxy.xmpp.Stanza;

/** An implementing client that announces features, and answers every request with its own name. */
final class AnnouncingWorker implements AutoCloseable {
    private static final String INFO = "http://jabber.org/protocol/disco#info";
    private static final Pattern NAME = Pattern.compile("<name xmlns=['\"]urn:r['\"]>([^<]*)<");
    private static final Pattern CONDITION = Pattern.compile("<([a-z-]+) xmlns=['\"]urn:clientproxy:errors:0");

    private final RawClient client;
    private final String resource;
    private volatile List<String> features = List.of();
    private volatile boolean over;

    private AnnouncingWorker(RawClient client, String resource) {
        this.client = client;
        this.resource = resource;
    }

    /** @param caps what it says in its presence */
    static AnnouncingWorker join(XmppServer server, String resource, String caps, String... features) throws Exception {
        AnnouncingWorker worker = new AnnouncingWorker(RawClient.login(server, "worker", "pw", resource), resource);
        worker.announce(caps, features);
        Thread thread = new Thread(worker::answer, "worker " + resource);
        thread.setDaemon(true);
        thread.start();
        return worker;
    }

    /** From now on these are its features. */
    void announce(String caps, String... announced) throws IOException {
        features = List.of(announced);
        client.send("<presence>" + caps + "</presence>");
    }

    static String caps(String function, String ver) {
        return "<c xmlns='http://jabber.org/protocol/caps' hash='" + function + "' node='urn:example:worker' ver='"
                + ver + "'/>";
    }

    /** The hash of what one with these features answers (XEP-0115 §5.1). */
    static String ver(String... features) throws Exception {
        String string = Stream.of(features).sorted().map(each -> each + '<').collect(Collectors.joining());
        return Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-1")
                        .digest(("client/bot//<" + string).getBytes(StandardCharsets.UTF_8)));
    }

    /** The name of the one that answered so; of an error the application condition. */
    static String nameIn(Stanza answer) {
        Matcher found = ("result".equals(answer.type()) ? NAME : CONDITION).matcher(answer.toXml());
        return found.find() ? found.group(1) : answer.toXml();
    }

    private void answer() {
        try {
            while (!over) {
                Stanza request = client.poll(Stanza::isRequest, Duration.ofSeconds(1));
                if (request != null) {
                    client.send(Worker.reply(request, request.toXml().contains(INFO) ? info() : name()));
                }
            }
        } catch (IOException | InterruptedException e) {
            over = true;
        }
    }

    private String info() {
        String all =
                features.stream().map(each -> "<feature var='" + each + "'/>").collect(Collectors.joining());
        return "<query xmlns='" + INFO + "'><identity category='client' type='bot'/>" + all + "</query>";
    }

    private String name() {
        return "<name xmlns='urn:r'>" + resource + "</name>";
    }

    @Override
    public void close() {
        over = true;
        client.close();
    }
}
