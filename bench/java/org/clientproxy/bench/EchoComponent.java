package org.clientproxy.bench;

import io.netty.channel.nio.NioEventLoopGroup;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.clientproxy.stream.ComponentConnection;
import org.clientproxy.stream.StanzaNotSentException;
import org.clientproxy.stream.StreamSettings;
import org.clientproxy.xmpp.Stanza;

/** A component on the stream of this project, without Camel, that answers each request with its own payload. */
final class EchoComponent {
    private EchoComponent() {}

    /** @param arguments port, domain, and how many connections are opened; the secret is in {@code XMPP_SECRET} */
    public static void main(String[] arguments) throws InterruptedException {
        NioEventLoopGroup group = new NioEventLoopGroup(1);
        for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
            ComponentConnection connection = new ComponentConnection(
                    StreamSettings.of(
                            "127.0.0.1", Integer.parseInt(arguments[0]), arguments[1], System.getenv("XMPP_SECRET")),
                    group.next());
            connection.onStanza(stanza -> answer(connection, stanza));
            connection.start();
        }
        new CountDownLatch(1).await();
    }

    private static void answer(ComponentConnection connection, Stanza stanza) {
        try {
            if (stanza.isRequest()) {
                connection.send(stanza.result(new String(stanza.content(), StandardCharsets.UTF_8)));
            }
        } catch (StanzaNotSentException e) {
            throw new IllegalStateException(e);
        }
    }
}
