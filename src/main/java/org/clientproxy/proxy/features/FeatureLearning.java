package org.clientproxy.proxy.features;

import java.util.function.Supplier;
import org.clientproxy.proxy.pool.FeatureSource;
import org.clientproxy.proxy.pool.ResourcePool;
import org.clientproxy.proxy.settings.Adjustable;
import org.clientproxy.proxy.settings.ProxySettings;

/** Has it learnt what the resources announce while the settings want that, and forgotten when they do not. On the loop. */
public final class FeatureLearning implements Adjustable {
    private final ResourcePool pool;
    private final Supplier<LearntFeatures> source;
    private boolean learning;

    /** @param source makes what learns them */
    public FeatureLearning(ResourcePool pool, Supplier<LearntFeatures> source) {
        this.pool = pool;
        this.source = source;
    }

    @Override
    public void adjust(ProxySettings now) {
        if (now.learnsFeatures() != learning) {
            learning = now.learnsFeatures();
            pool.featuresFrom(learning ? source.get() : FeatureSource.NONE);
        }
    }
}
