package org.clientproxy.proxy;

import org.clientproxy.proxy.ModelRequest.Must;

/** What has become of the sessions that have a request, for the reference model: some are gone, some replaced. */
final class ModelFate {
    private final ModelOpen open;
    private final ModelPool pool;

    ModelFate(ModelOpen open, ModelPool pool) {
        this.open = open;
        this.pool = pool;
    }

    /** Whether its resource is gone for good. */
    boolean isGone(ModelRequest request) {
        if (request.must != null) {
            return request.must == Must.GONE;
        }
        if (request.now == null) {
            return false;
        }
        boolean there = pool.contains(request.at());
        // At its deadline it is not waited any longer for what explains that it came back.
        long explained = Math.min(request.bouncedAt + ReferenceModel.BOUNCE_WAIT, request.deadline);
        boolean bounced = request.bounce != null && open.isPast(explained);
        return bounced && (!there || request.now.formerSession)
                || !there && request.now.graceEnd != 0 && open.isPast(request.now.graceEnd);
    }

    /** Whether its session has ended, and another one is there in its place. */
    boolean isBack(ModelRequest request) {
        return request.now != null
                && request.now.formerSession
                && request.bounce == null
                && pool.contains(request.at());
    }

    /** The same, and the grace is over: a get does not wait for that any longer. */
    boolean isReplaced(ModelRequest request) {
        return request.must == null
                && request.isGet()
                && isBack(request)
                && request.now.graceEnd != 0
                && open.isPast(request.now.graceEnd);
    }

    /** The same, and it could not be sent again when the grace was over: that is looked at again when it is late. */
    boolean maySlowlyBeReplaced(ModelRequest request) {
        return open.attemptTimeout > 0
                && request.must == null
                && request.isGet()
                && isBack(request)
                && (request.now.graceEnd == 0 || open.isPast(request.now.graceEnd))
                && open.isPast(request.now.sentAt + open.attemptTimeout);
    }

    /** Whether it may wait for another attempt already, which nobody sees. */
    boolean mayHaveLeft(ModelRequest request) {
        if (request.must == Must.BUSY || !request.others.isEmpty() && isGone(request)) {
            return true;
        }
        boolean over = isGone(request) || isReplaced(request) || maySlowlyBeReplaced(request);
        // For room, for whoever may be there, or for what somebody announces.
        boolean learns = pool.features().isRequired() && request.feature != null;
        boolean waits = open.queueTimeout > 0 || !pool.isKnown() || learns;
        return waits && over && open.isHarmless(request) && open.isLeft(request);
    }

    /** Whether this one of several attempts is over, for its resource has left. */
    boolean isDropped(ModelAttempt other) {
        return other.graceEnd != 0 && open.isPast(other.graceEnd) && !pool.contains(other.at);
    }

    /** Whether this one of several may be over: as above, or the request has fallen back to it, and its session was replaced. */
    boolean mayBeOver(ModelRequest request, ModelAttempt other) {
        boolean inTurn = request.isGet()
                && isGone(request)
                && other.formerSession
                && other.graceEnd != 0
                && open.isPast(other.graceEnd);
        return isDropped(other) || inTurn;
    }

    /** Whether nobody else has it, or may have it still. */
    boolean isAlone(ModelRequest request) {
        return request.others.stream().allMatch(this::isDropped);
    }
}
