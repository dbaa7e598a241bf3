package org.clientproxy.loopback;

/** A component over a plain socket, for tests of the component ports of servers (XEP-0114). */
public final class RawComponent {
    private RawComponent() {}

    /** Opens a stream for this domain and goes no further. */
    static RawClient open(XmppServer server, String domain) throws Exception {
        return RawClient.open(
                server.componentPort(),
                "<stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' to='"
                        + domain + "'>");
    }

    /** Sends the digest of a secret. */
    static void shakeHands(RawClient component, String secret) throws Exception {
        component.send("<handshake>" + ComponentLink.digest(component.streamId() + secret) + "</handshake>");
    }

    /** Connects as the server's component. */
    public static RawClient connect(XmppServer server) throws Exception {
        RawClient component = open(server, server.componentDomain());
        shakeHands(component, server.componentSecret());
        component.awaitOther("handshake");
        return component;
    }
}
