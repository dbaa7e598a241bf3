package org.clientproxy.demo;

import org.jivesoftware.smack.ConnectionConfiguration.SecurityMode;
import org.jivesoftware.smack.iqrequest.AbstractIqRequestHandler;
import org.jivesoftware.smack.iqrequest.IQRequestHandler.Mode;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.roster.Roster;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;

/**
 * An implementing client of the demo, in its process: a service written as an ordinary XMPP client, with Smack. The one to copy
 * is {@code examples/GreetingWorker.java}, which connects again when its server was away.
 */
public final class GreetingService implements AutoCloseable {
    public static final String NAMESPACE = "urn:example:greeting";

    private final XMPPTCPConnection connection;

    public GreetingService(String host, int port, String domain, String user, String password, String resource)
            throws Exception {
        connection = new XMPPTCPConnection(XMPPTCPConnectionConfiguration.builder()
                .setHost(host)
                .setPort(port)
                .setXmppDomain(domain)
                .setUsernameAndPassword(user, password)
                .setResource(resource)
                // For the loopback server only; a real server wants TLS, and this line left out.
                .setSecurityMode(SecurityMode.disabled)
                .build());
        // Whoever asks to see the presence may: here that is the proxy.
        Roster.getInstanceFor(connection).setSubscriptionMode(Roster.SubscriptionMode.accept_all);
        connection.registerIQRequestHandler(
                new AbstractIqRequestHandler("greeting", NAMESPACE, IQ.Type.get, Mode.async) {
                    @Override
                    public IQ handleIQRequest(IQ request) {
                        Greeting greeting = new Greeting("Hello from " + resource);
                        greeting.setType(IQ.Type.result);
                        greeting.setStanzaId(request.getStanzaId());
                        greeting.setTo(request.getFrom());
                        return greeting;
                    }
                });
        connection.connect().login();
    }

    /** The address under which it is logged in, resource and all. */
    String address() {
        return connection.getUser().toString();
    }

    @Override
    public void close() {
        connection.disconnect();
    }

    /** {@code <greeting xmlns='urn:example:greeting'>…</greeting>}. */
    private static final class Greeting extends IQ {
        private final String text;

        Greeting(String text) {
            super("greeting", NAMESPACE);
            this.text = text;
        }

        @Override
        protected IQChildElementXmlStringBuilder getIQChildElementBuilder(IQChildElementXmlStringBuilder xml) {
            xml.rightAngleBracket();
            xml.escape(text);
            return xml;
        }
    }
}
