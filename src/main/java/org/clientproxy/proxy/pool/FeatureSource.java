package org.clientproxy.proxy.pool;

/**
 * Finds out what sessions can, and tells each resource by {@link PooledResource#announces}. It hears of sessions from the
 * pool. On the loop.
 */
public interface FeatureSource {
    /** Nobody asks for features, so nothing is found out. */
    FeatureSource NONE = new FeatureSource() {
        @Override
        public void present(PooledResource resource) {
            // Nobody asks.
        }

        @Override
        public void gone(PooledResource resource) {
            // Nobody asks.
        }

        @Override
        public void streamDown() {
            // Nobody asks.
        }
    };

    /** An available presence of this session has been taken in; it may say something new. */
    void present(PooledResource resource);

    /** This session has left, or whether it is there still is not known. */
    void gone(PooledResource resource);

    /** The stream broke: whether anybody is there still is not known, and nothing that was asked on it is awaited any more. */
    void streamDown();
}
