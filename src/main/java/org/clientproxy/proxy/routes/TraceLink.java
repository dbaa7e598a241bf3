package org.clientproxy.proxy.routes;

import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Message;
import org.clientproxy.proxy.pending.PendingRequest;
import org.clientproxy.proxy.pending.PendingRequests;

/**
 * Joins the exchanges of one request to one trace, where a tracer is on: its headers (W3C Trace Context) are kept with the
 * pending request, and given to the reply before its route begins. On the loop.
 */
public final class TraceLink {
    private static final String[] HEADERS = {"traceparent", "tracestate", "baggage"};

    private final PendingRequests pendingRequests;

    public TraceLink(PendingRequests pendingRequests) {
        this.pendingRequests = pendingRequests;
    }

    /** The tracer's headers of a message. */
    static Map<String, Object> of(Message message) {
        Map<String, Object> trace = new HashMap<>();
        for (String header : HEADERS) {
            Object value = message.getHeader(header);
            if (value != null) {
                trace.put(header, value);
            }
        }
        return trace;
    }

    /** Gives a reply the trace of the request that it answers, if there is one. */
    public void join(Message message) {
        String key = KeyOfExchange.of(message);
        PendingRequest pending = key == null ? null : pendingRequests.find(key);
        if (pending != null) {
            message.getHeaders().putAll(pending.trace());
        }
    }
}
