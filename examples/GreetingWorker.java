// The dependencies, for JBang; with plain Java put the jars of Smack on the class path:
//DEPS org.igniterealtime.smack:smack-tcp:4.3.5
//DEPS org.igniterealtime.smack:smack-extensions:4.3.5
//DEPS org.igniterealtime.smack:smack-java7:4.3.5

import org.jivesoftware.smack.AbstractConnectionListener;
import org.jivesoftware.smack.ConnectionConfiguration.SecurityMode;
import org.jivesoftware.smack.ReconnectionManager;
import org.jivesoftware.smack.XMPPConnection;
import org.jivesoftware.smack.XMPPException.StreamErrorException;
import org.jivesoftware.smack.iqrequest.AbstractIqRequestHandler;
import org.jivesoftware.smack.iqrequest.IQRequestHandler.Mode;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.StanzaError;
import org.jivesoftware.smack.packet.StreamError;
import org.jivesoftware.smack.roster.Roster;
import org.jivesoftware.smack.roster.SubscribeListener.SubscribeAnswer;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.jivesoftware.smackx.ping.PingManager;
import org.jxmpp.jid.DomainBareJid;
import org.jxmpp.jid.EntityFullJid;
import org.jxmpp.jid.impl.JidCreate;

/**
 * A worker: answers {@code <greeting xmlns='urn:example:greeting'/>}, with Smack.
 *
 * <pre>XMPP_PASSWORD=... java -cp 'smack/*' GreetingWorker.java worker@example.org/a proxy.example.org</pre>
 *
 * Start it as often as the load needs, each copy with another resource. {@code XMPP_SERVER=HOST:PORT} names the server where DNS
 * does not; {@code XMPP_TLS=off} is for a server on this machine.
 */
public class GreetingWorker {
    private static final String NAMESPACE = "urn:example:greeting";

    public static void main(String[] args) throws Exception {
        EntityFullJid address = JidCreate.entityFullFrom(args[0]);
        DomainBareJid proxy = JidCreate.domainBareFrom(args[1]);
        XMPPTCPConnection connection = new XMPPTCPConnection(configuration(address));
        // A session that is resumed later would swallow what was sent to it meanwhile.
        connection.setUseStreamManagement(false);
        // What Smack cannot read is left alone. By default it ends the connection, which any requester could bring about.
        connection.setParsingExceptionCallback(unreadable -> {});
        // The proxy alone may see our presence.
        Roster.getInstanceFor(connection)
                .addSubscribeListener((from, request) ->
                        from.asBareJid().equals(proxy) ? SubscribeAnswer.Approve : SubscribeAnswer.Deny);
        // The one request that it answers; Smack refuses all others with an error.
        connection.registerIQRequestHandler(new AbstractIqRequestHandler("greeting", NAMESPACE, IQ.Type.get, Mode.async) {
            @Override
            public IQ handleIQRequest(IQ request) {
                if (!request.getFrom().asBareJid().equals(proxy)) {
                    // Whoever wants something asks the proxy.
                    return IQ.createErrorResponse(request, StanzaError.getBuilder(StanzaError.Condition.forbidden));
                }
                return new Greeting(request, "Hello from " + address.getResourcepart());
            }
        });
        stayConnected(connection);
        new java.util.concurrent.CountDownLatch(1).await(); // until it is killed
    }

    private static XMPPTCPConnectionConfiguration configuration(EntityFullJid address) throws Exception {
        XMPPTCPConnectionConfiguration.Builder builder = XMPPTCPConnectionConfiguration.builder()
                .setXmppDomain(address.asDomainBareJid())
                .setUsernameAndPassword(address.getLocalpart(), System.getenv("XMPP_PASSWORD"))
                .setResource(address.getResourcepart());
        String server = System.getenv("XMPP_SERVER");
        if (server != null) {
            int colon = server.lastIndexOf(':');
            builder.setHost(server.substring(0, colon)).setPort(Integer.parseInt(server.substring(colon + 1)));
        }
        boolean tls = !"off".equals(System.getenv("XMPP_TLS"));
        return builder.setSecurityMode(tls ? SecurityMode.required : SecurityMode.disabled).build();
    }

    /** Connects and logs in, again and again until that works, and whenever the connection is lost. */
    private static void stayConnected(XMPPTCPConnection connection) throws InterruptedException {
        ReconnectionManager reconnection = ReconnectionManager.getInstanceFor(connection);
        reconnection.setFixedDelay(5);
        reconnection.enableAutomaticReconnection();
        // A ping now and then, for a connection may die without a word.
        PingManager.getInstanceFor(connection).setPingInterval(60);
        connection.addConnectionListener(new AbstractConnectionListener() {
            @Override
            public void authenticated(XMPPConnection connected, boolean resumed) {
                say("logged in as " + connected.getUser());
            }

            @Override
            public void connectionClosedOnError(Exception e) {
                if (isConflict(e)) {
                    say("another program has logged in as " + connection.getUser() + "; give each its own resource");
                    System.exit(1);
                }
                say("no connection (" + e.getMessage() + "); trying again");
            }
        });
        reconnection.addReconnectionListener(new org.jivesoftware.smack.ReconnectionListener() {
            @Override
            public void reconnectingIn(int seconds) {}

            @Override
            public void reconnectionFailed(Exception e) {
                say("no connection (" + e.getMessage() + "); trying again");
            }
        });
        while (!connection.isAuthenticated()) {
            try {
                if (!connection.isConnected()) {
                    connection.connect();
                }
                connection.login();
            } catch (Exception e) {
                say("no connection (" + e.getMessage() + "); trying again");
                connection.disconnect();
                Thread.sleep(5000);
            }
        }
    }

    /** Two programs that both came back would take turns for ever. */
    private static boolean isConflict(Exception e) {
        return e instanceof StreamErrorException
                && ((StreamErrorException) e).getStreamError().getCondition() == StreamError.Condition.conflict;
    }

    private static void say(String what) {
        System.err.println(what);
    }

    /** {@code <greeting xmlns='urn:example:greeting'>…</greeting>}, the result. */
    private static final class Greeting extends IQ {
        private final String text;

        Greeting(IQ request, String text) {
            super("greeting", NAMESPACE);
            this.text = text;
            setType(IQ.Type.result);
            setStanzaId(request.getStanzaId());
            setTo(request.getFrom());
        }

        @Override
        protected IQChildElementXmlStringBuilder getIQChildElementBuilder(IQChildElementXmlStringBuilder xml) {
            xml.rightAngleBracket();
            xml.escape(text);
            return xml;
        }
    }
}
