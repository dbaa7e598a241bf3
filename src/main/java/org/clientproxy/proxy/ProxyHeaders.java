package org.clientproxy.proxy;

/** The message headers by which the steps of the routes tell each other what they found. None reaches the wire. */
public final class ProxyHeaders {
    /** What a stanza is to the proxy: a {@link StanzaSort} by its key. Set by the step {@code sort}. */
    public static final String SORT = "ClientProxySort";

    /** The {@link PendingRequest} that the exchange is about. Set by the step {@code admit}. */
    public static final String REQUEST = "ClientProxyRequest";

    /** The {@link PooledResource} that the request goes to; absent while the pool is not confirmed. */
    public static final String RESOURCE = "ClientProxyResource";

    /** The correlation key: resource, encoded-from and id on the wire. */
    public static final String KEY = "ClientProxyKey";

    /** The {@link Ending} that the exchange brings to a pending request; absent where it opens one. */
    public static final String ENDING = "ClientProxyEnding";

    /** What is to be done with a request whose attempt has ended: a {@link Verdict} by its key. */
    public static final String VERDICT = "ClientProxyVerdict";

    private ProxyHeaders() {}
}
