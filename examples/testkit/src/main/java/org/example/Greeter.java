package org.example;

import org.jivesoftware.smack.ConnectionConfiguration.SecurityMode;
import org.jivesoftware.smack.iqrequest.AbstractIqRequestHandler;
import org.jivesoftware.smack.iqrequest.IQRequestHandler.Mode;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.SimpleIQ;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;

/** A worker that greets, with Smack; the one to copy for real use is GreetingWorker.java, in the directory above. */
public final class Greeter implements AutoCloseable {
    private final XMPPTCPConnection connection;

    public Greeter(String host, int port, String user, String password, String resource) throws Exception {
        connection = new XMPPTCPConnection(XMPPTCPConnectionConfiguration.builder()
                .setHost(host)
                .setPort(port)
                .setXmppDomain("localhost")
                .setUsernameAndPassword(user, password)
                .setResource(resource)
                .setSecurityMode(SecurityMode.disabled)
                .build());
        connection.registerIQRequestHandler(
                new AbstractIqRequestHandler("greeting", "urn:example:greeting", IQ.Type.get, Mode.async) {
                    @Override
                    public IQ handleIQRequest(IQ request) {
                        IQ hello = new SimpleIQ("hello", "urn:example:greeting") {};
                        hello.setType(IQ.Type.result);
                        hello.setStanzaId(request.getStanzaId());
                        hello.setTo(request.getFrom());
                        return hello;
                    }
                });
        connection.connect().login();
    }

    @Override
    public void close() {
        connection.disconnect();
    }
}
