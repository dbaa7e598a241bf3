package org.clientproxy.proxy.pool;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.clientproxy.proxy.settings.SelectionPolicy;
import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The choice of a resource among so many. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ChoiceBenchmark {
    @Param({"RANDOM", "ROUND_ROBIN", "LEAST_PENDING", "STICKY"})
    public SelectionPolicy policy = SelectionPolicy.RANDOM;

    @Param({"10", "10000"})
    public int resources;

    private final Wish wish = new FirstAttempt(Jid.parse("user@some.example/abc"), Jid.parse("proxy.some.example"));
    private ResourcePool pool = new ResourcePool(policy, new SplittableRandom(1));

    @Setup
    public void prepare() {
        pool = new ResourcePool(policy, new SplittableRandom(1));
        for (int i = 0; i < resources; i++) {
            pool.put(new TargetPresence("", Jid.parse("worker@some.example/r" + i), null, 0, null), 0);
        }
    }

    @Benchmark
    public @Nullable PooledResource chooses() {
        return pool.choose(wish);
    }

    /** The wish of a request that nobody has had yet. */
    private record FirstAttempt(Jid requester, Jid addressUsed) implements Wish {
        @Override
        public List<Jid> tried() {
            return List.of();
        }
    }
}
