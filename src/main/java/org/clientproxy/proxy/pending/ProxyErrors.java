package org.clientproxy.proxy.pending;

import org.clientproxy.stream.OwnErrors;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaError.Condition;

/**
 * The errors of our own that a request may be answered with. Each has one text for a person and one application condition
 * in {@link OwnErrors#NAMESPACE} for a program; {@code docs/protocol.md} lists them.
 */
public final class ProxyErrors {
    public static final StanzaError NO_RESOURCE = StanzaError.of(
                    Condition.SERVICE_UNAVAILABLE, "Nobody who could answer is online behind this address.")
            .with(OwnErrors.NAMESPACE, "no-resource");

    static final StanzaError ALL_BUSY = StanzaError.of(
                    Condition.RESOURCE_CONSTRAINT,
                    "Everybody who could answer has as many requests as they take at a time. Try again in a while.")
            .with(OwnErrors.NAMESPACE, "all-busy");

    static final StanzaError TOO_MANY_QUEUED = StanzaError.of(
                    Condition.RESOURCE_CONSTRAINT,
                    "Too many requests wait already for somebody who could answer. Try again in a while.")
            .with(OwnErrors.NAMESPACE, "too-many-queued");

    static final StanzaError NO_CAPABLE_RESOURCE = StanzaError.of(
                    Condition.SERVICE_UNAVAILABLE,
                    "Of those who are online behind this address nobody announces that it understands the request.")
            .with(OwnErrors.NAMESPACE, "no-capable-resource");

    public static final StanzaError RESOURCE_GONE = StanzaError.of(
                    Condition.RECIPIENT_UNAVAILABLE,
                    "The session that the request went to is gone, and it may not be tried again on another one."
                            + " Whether it was carried out is not known.")
            .with(OwnErrors.NAMESPACE, "resource-gone");

    public static final StanzaError STOPPING = StanzaError.of(
                    Condition.RECIPIENT_UNAVAILABLE, "This service is being stopped. Try again in a while.")
            .with(OwnErrors.NAMESPACE, "stopping");

    public static final StanzaError PAUSED = StanzaError.of(
                    Condition.RECIPIENT_UNAVAILABLE, "This service takes no requests at present. Try again in a while.")
            .with(OwnErrors.NAMESPACE, "paused");

    public static final StanzaError TIMEOUT = StanzaError.of(
                    Condition.REMOTE_SERVER_TIMEOUT,
                    "The request was passed on, but no answer came in time. Whether it was carried out is not known.")
            .with(OwnErrors.NAMESPACE, "reply-timeout");

    public static final StanzaError NOT_DECIDED = StanzaError.of(
                    Condition.REMOTE_SERVER_TIMEOUT,
                    "It was not known in time whether the request may be served, so it was not passed on.")
            .with(OwnErrors.NAMESPACE, "not-decided");

    public static final StanzaError THROTTLED = StanzaError.of(
                    Condition.RESOURCE_CONSTRAINT, "Requests come too fast. Try again in a while.")
            .with(OwnErrors.NAMESPACE, "throttled");

    public static final StanzaError TOO_MANY = StanzaError.of(
                    Condition.RESOURCE_CONSTRAINT, "Too many requests are pending here. Try again in a while.")
            .with(OwnErrors.NAMESPACE, "too-many-pending");

    static final StanzaError TOO_MANY_OF_YOURS = StanzaError.of(
                    Condition.RESOURCE_CONSTRAINT,
                    "Too many of your requests are pending here. Await answers before you send more.")
            .with(OwnErrors.NAMESPACE, "too-many-pending-of-requester");

    static final StanzaError TOO_MANY_OF_DOMAIN = StanzaError.of(
                    Condition.RESOURCE_CONSTRAINT,
                    "Too many requests from your domain are pending here. Try again in a while.")
            .with(OwnErrors.NAMESPACE, "too-many-pending-of-domain");

    static final StanzaError TOO_MUCH = StanzaError.of(
                    Condition.RESOURCE_CONSTRAINT,
                    "The requests that are pending here are too large together. Try again in a while.")
            .with(OwnErrors.NAMESPACE, "too-much-pending");

    static final StanzaError TOO_MUCH_OF_YOURS = StanzaError.of(
                    Condition.RESOURCE_CONSTRAINT,
                    "Your requests that are pending here are too large together. Await answers before you send more.")
            .with(OwnErrors.NAMESPACE, "too-much-pending-of-requester");

    static final StanzaError TOO_MUCH_OF_DOMAIN = StanzaError.of(
                    Condition.RESOURCE_CONSTRAINT,
                    "The requests from your domain that are pending here are too large together. Try again in a while.")
            .with(OwnErrors.NAMESPACE, "too-much-pending-of-domain");

    public static final StanzaError NOT_STORED = StanzaError.of(
                    Condition.RESOURCE_CONSTRAINT, "The request cannot be recorded at present. Try again in a while.")
            .with(OwnErrors.NAMESPACE, "not-recorded");

    public static final StanzaError NOT_TAKEN_UP = StanzaError.of(
                    Condition.RESOURCE_CONSTRAINT,
                    "This service was restarted with more pending requests than it can hold. Whether the request was"
                            + " carried out is not known.")
            .with(OwnErrors.NAMESPACE, "not-taken-up");

    public static final StanzaError FORBIDDEN = StanzaError.of(
                    Condition.FORBIDDEN, "Your address may not send requests to this service.")
            .with(OwnErrors.NAMESPACE, "forbidden");

    public static final StanzaError NOT_ACCEPTABLE = StanzaError.of(
                    Condition.NOT_ACCEPTABLE, "This service does not accept requests of this form.")
            .with(OwnErrors.NAMESPACE, "not-accepted");

    public static final StanzaError TOO_LARGE = StanzaError.of(
                    Condition.POLICY_VIOLATION, "The request is larger than this service passes on.")
            .with(OwnErrors.NAMESPACE, "too-large");

    public static final StanzaError FAILURE = StanzaError.of(
                    Condition.INTERNAL_SERVER_ERROR, "This service failed to handle the request.")
            .with(OwnErrors.NAMESPACE, "failure");

    public static final StanzaError BAD_REPLY = StanzaError.of(
                    Condition.INTERNAL_SERVER_ERROR, "The answer to the request cannot be passed on.")
            .with(OwnErrors.NAMESPACE, "bad-reply");

    public static final StanzaError ONE_CHILD = StanzaError.of(
                    Condition.BAD_REQUEST, "An IQ of type get or set has exactly one child element.")
            .with(OwnErrors.NAMESPACE, "malformed-request");

    public static final StanzaError NO_REVERSE = StanzaError.of(
                    Condition.FEATURE_NOT_IMPLEMENTED, "Requests to a requester are not passed on.")
            .with(OwnErrors.NAMESPACE, "no-reverse-requests");

    public static final StanzaError UNKNOWN_TOKEN = StanzaError.of(
                    Condition.ITEM_NOT_FOUND, "This address stands for nobody whom this service knows.")
            .with(OwnErrors.NAMESPACE, "unknown-token");

    public static final StanzaError NOT_REACHABLE = StanzaError.of(
                    Condition.FORBIDDEN, "Nobody may be reached by name through this service.")
            .with(OwnErrors.NAMESPACE, "not-reachable");

    public static final StanzaError NAME_NOT_REACHABLE = StanzaError.of(
                    Condition.FORBIDDEN, "This address may not be reached by name through this service.")
            .with(OwnErrors.NAMESPACE, "not-reachable");

    public static final StanzaError BAD_NAME = StanzaError.of(
                    Condition.JID_MALFORMED, "This name stands for no address that could be reached (XEP-0106).")
            .with(OwnErrors.NAMESPACE, "bad-name");

    public static final StanzaError NOT_A_RESOURCE = StanzaError.of(
                    Condition.FORBIDDEN, "Your session is none of those that work for this service.")
            .with(OwnErrors.NAMESPACE, "not-a-resource");

    public static final StanzaError FORBIDDEN_TO_ASK = StanzaError.of(
                    Condition.FORBIDDEN, "Requests to this address are not passed on.")
            .with(OwnErrors.NAMESPACE, "forbidden");

    static final StanzaError TOO_MANY_TO_ONE = StanzaError.of(
                    Condition.RESOURCE_CONSTRAINT,
                    "Too many requests to this account are pending here. Await answers before you send more.")
            .with(OwnErrors.NAMESPACE, "too-many-pending-of-requester");

    public static final StanzaError NO_MESSAGES = StanzaError.of(
                    Condition.FEATURE_NOT_IMPLEMENTED, "This address takes IQ requests only, no messages.")
            .with(OwnErrors.NAMESPACE, "no-messages");

    public static final StanzaError TOO_FAST = StanzaError.of(
                    Condition.RESOURCE_CONSTRAINT, "Messages come too fast, and this one was not passed on.")
            .with(OwnErrors.NAMESPACE, "throttled");

    public static final StanzaError TOO_MANY_MESSAGES = StanzaError.of(
                    Condition.RESOURCE_CONSTRAINT, "Too many messages wait here. Try again in a while.")
            .with(OwnErrors.NAMESPACE, "too-many-pending");

    public static final StanzaError OWN_SESSION = StanzaError.of(
                    Condition.NOT_ALLOWED,
                    "The sessions that work for this service cannot send messages to it, only to those who wrote to it.")
            .with(OwnErrors.NAMESPACE, "own-session");

    public static final StanzaError MESSAGE_NOT_SENT = StanzaError.of(
                    Condition.RECIPIENT_UNAVAILABLE,
                    "The message was not passed on, for the connection to the server was lost. Send it again.")
            .with(OwnErrors.NAMESPACE, "resource-gone");

    private ProxyErrors() {}
}
