package org.clientproxy.proxy.features;

import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.LogLimit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lines of the log about answers that an operator should hear of; of each kind one a minute. Used on the loop only. */
final class FeatureLog {
    private static final Logger LOG = LoggerFactory.getLogger(LearntFeatures.class);

    private final LogLimit limit;

    FeatureLog(StreamLoop loop) {
        limit = new LogLimit(loop::nanoTime);
    }

    void answered(PooledResource resource, FeatureAnswer answer) {
        switch (answer.worth()) {
            case DIFFERENT ->
                warn(
                        "different",
                        resource,
                        "what it answers does not have the hash in its presence; it counts for this session alone");
            case WORTHLESS -> warn("worthless", resource, "its answer does not count, for " + answer.trouble());
            case FAILED -> LOG.debug("{} did not say which features it has: {}", resource, answer.trouble());
            case VERIFIED, UNVERIFIED ->
                LOG.debug("{} has {} features", resource, answer.features().size());
        }
    }

    private void warn(String kind, PooledResource resource, String what) {
        int before = limit.admit(kind);
        if (before >= 0) {
            LOG.warn(
                    "{} was asked which features it has: {}{}",
                    resource,
                    what,
                    before == 0 ? "" : " (and so it was " + before + " times more since the last such line)");
        }
    }
}
