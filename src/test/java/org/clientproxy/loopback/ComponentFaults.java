package org.clientproxy.loopback;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What a test makes the loopback server do to its component out of the ordinary; nothing unless told. Any thread. */
public final class ComponentFaults {
    private volatile String headerExtra = "";
    private volatile String streamId;
    private volatile String refusal;
    private volatile Duration clockAhead = Duration.ZERO;
    private final AtomicInteger subscribesToLose = new AtomicInteger();

    private final Map<String, Integer> presencesToLose = new ConcurrentHashMap<>();

    ComponentFaults() {}

    /** Adds this to the header of each new stream, such as a namespace declaration. */
    public void headerExtra(String attributes) {
        headerExtra = attributes;
    }

    /** Gives each new stream this id, which may be empty; null: an id of its own. */
    public void streamId(String id) {
        streamId = id;
    }

    /** Answers each new stream with a stream error of this condition; null: lets components in again. */
    public void refuse(String condition) {
        refusal = condition;
    }

    /** Drops the next so many requests to subscribe that come from the component, as servers that are starting do. */
    public void loseSubscribes(int count) {
        subscribesToLose.set(count);
    }

    /** Drops the next so many presences of this session to the component, as one of its earlier connections gets them. */
    public void losePresencesOf(String session, int count) {
        presencesToLose.put(session, count);
    }

    boolean losesPresenceOf(String session) {
        return presencesToLose.computeIfPresent(session, (jid, left) -> left > 0 ? left - 1 : null) != null;
    }

    /** Shows those who ask for the server's time one that is so much later. */
    public void clockAhead(Duration difference) {
        clockAhead = difference;
    }

    Duration clockAhead() {
        return clockAhead;
    }

    String headerExtra() {
        return headerExtra;
    }

    String streamId() {
        return streamId;
    }

    String refusal() {
        return refusal;
    }

    boolean losesSubscribe() {
        return subscribesToLose.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }
}
