package org.clientproxy.proxy.pool;

import java.util.List;

/**
 * One condition, with a name, that a request sets on the resource that it goes to. A class of its own and a place in
 * {@link Eligibility} is all that another one takes. Has no state, and is asked on the loop only.
 */
interface Condition {
    /**
     * Whether one of the resources might not meet it. Where none can fail, none is tested.
     *
     * @param resources those that can be chosen at all; not empty
     */
    boolean concerns(Wish wish, List<PooledResource> resources);

    /** Whether this resource meets it. */
    boolean allows(PooledResource resource, Wish wish);
}
