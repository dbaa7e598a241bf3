package org.clientproxy.proxy.hooks;

import org.clientproxy.proxy.pending.Ending;
import org.clientproxy.proxy.pending.PendingRequest;
import org.clientproxy.proxy.pool.PooledResource;

/** The message headers by which the steps of the routes tell each other, and the hooks tell the operator's routes, what they found. None reaches the wire. */
public final class ProxyHeaders {
    /** The {@link PendingRequest} that the exchange is about. Set by the step {@code admit}. */
    public static final String REQUEST = "ClientProxyRequest";

    /** What is known of the message that the exchange is about. Set by the steps {@code admit-message} and {@code admit-reverse-message}. */
    public static final String MESSAGE = "ClientProxyMessage";

    /** {@code in}: a message comes from a requester; {@code out}: it goes to one. In the hook {@code message-admitted}. */
    public static final String DIRECTION = "ClientProxyDirection";

    /**
     * The {@link PooledResource} that the request goes to; it reads as its full address. Set by the step {@code choose}, for the
     * step {@code translate}. Others may read it.
     */
    public static final String RESOURCE = "ClientProxyResource";

    /**
     * Set by a route before the step {@code choose}, at the hook {@code request-admitted} or in the flow: a text for which the
     * choice is sticky, such as the id of a room in the payload. All requests with the same text go to the same resource while
     * that is there, whoever sends them and whatever {@code proxy.selection} says. Absent or empty: as {@code proxy.selection}
     * says.
     */
    public static final String STICKY_KEY = "ClientProxyStickyKey";

    /**
     * Set by a route before the step {@code choose}, as {@link #STICKY_KEY}: which resources may be chosen for this request, as
     * patterns of resourceparts with {@code *} and {@code ?}, and commas between. Where none of them is there, the request gets
     * {@code service-unavailable}. Absent or empty: all.
     */
    public static final String RESOURCES = "ClientProxyResources";

    /** The {@link Ending} that the exchange brings to a pending request; absent where it opens one, and on a reply before it has come there. */
    public static final String ENDING = "ClientProxyEnding";

    /** What is to be done with a request whose attempt has ended: a verdict by its key. */
    public static final String VERDICT = "ClientProxyVerdict";

    /**
     * The requester's address, in the hooks {@code request-admitted}, {@code reverse-admitted}, where it is asked, {@code
     * message-admitted} and {@code answered}.
     */
    public static final String REQUESTER = "ClientProxyRequester";

    /** The domain of that address, in lower case, in the hooks {@code request-admitted}, {@code reverse-admitted} and {@code message-admitted}. */
    public static final String REQUESTER_DOMAIN = "ClientProxyRequesterDomain";

    /** The address of the session of the target that asks or writes, in the hooks {@code reverse-admitted} and {@code message-admitted}. */
    public static final String ASKING = "ClientProxyAsking";

    /** The id of the request, in the hook {@code answered}. */
    public static final String REQUEST_ID = "ClientProxyRequestId";

    /** The address of the resource that was asked last, in the hook {@code answered}; absent where none was. */
    public static final String ASKED = "ClientProxyAsked";

    /** How a request was answered, in the hook {@code answered}: {@code result}, {@code error} or {@code refused}. */
    public static final String OUTCOME = "ClientProxyOutcome";

    /** From a request's arrival to its answer, a {@link Long}, in the hook {@code answered}. */
    public static final String MILLISECONDS = "ClientProxyMilliseconds";

    /** How many resources can be chosen, an {@link Integer}, in the hook {@code pool-changed}. */
    public static final String POOL_SIZE = "ClientProxyPoolSize";

    /** How many there were before, an {@link Integer}, in the hook {@code pool-changed}. */
    public static final String POOL_SIZE_BEFORE = "ClientProxyPoolSizeBefore";

    /** Whether it is known who is there, a {@link Boolean}, in the hook {@code pool-changed}. */
    public static final String POOL_CONFIRMED = "ClientProxyPoolConfirmed";

    /** The name of the present {@link org.clientproxy.stream.StreamState}, in the hook {@code stream-changed}. */
    public static final String STREAM_STATE = "ClientProxyStreamState";

    /** The name of the state before, in the hook {@code stream-changed}. */
    public static final String STREAM_STATE_BEFORE = "ClientProxyStreamStateBefore";

    /** Why the stream last went down, in the hook {@code stream-changed}; absent where it never did. */
    public static final String LAST_FAILURE = "ClientProxyLastFailure";

    private ProxyHeaders() {}
}
