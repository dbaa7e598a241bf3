package org.clientproxy.proxy.routes;

import java.util.concurrent.CompletableFuture;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.processor.aggregate.AggregateProcessor;
import org.apache.camel.processor.aggregate.DefaultAggregateController;
import org.apache.camel.spi.ExceptionHandler;
import org.apache.camel.support.AsyncCallbackToCompletableFutureAdapter;
import org.apache.camel.support.AsyncProcessorHelper;
import org.jspecify.annotations.Nullable;

/**
 * The step {@code correlate}: brings an exchange to the aggregator of the route of that name, for a hop by {@code direct:}
 * would take 5 % of a round trip's time each time. It knows the aggregator as its controller, and has what completed groups
 * fail at brought to the exception handler. What else a controller can do, it does not: nobody is to complete or discard groups
 * by hand. While the aggregator is stopped, what comes goes to whoever stands in for it. Used on the loop, but for start and
 * stop.
 */
public final class Correlate extends DefaultAggregateController implements AsyncProcessor {
    private final ExceptionHandler failures;
    private final Processor standby;
    private final Runnable awaitLoop;
    private volatile @Nullable AggregateProcessor aggregator;

    /**
     * @param standby takes exchanges while the aggregator is stopped
     * @param awaitLoop returns when the loop has done what it is at
     */
    public Correlate(ExceptionHandler failures, Processor standby, Runnable awaitLoop) {
        this.failures = failures;
        this.standby = standby;
        this.awaitLoop = awaitLoop;
    }

    @Override
    public void onStart(AggregateProcessor started) {
        started.setExceptionHandler(failures);
        aggregator = started;
    }

    /** Before the steps behind the aggregator stop: none of them is to be stopped under an answer that is on its way. */
    @Override
    public void onStop(AggregateProcessor stopped) {
        aggregator = null;
        awaitLoop.run();
    }

    /** Whether the aggregator runs. Any thread. */
    public boolean isRunning() {
        return running() != null;
    }

    /** The aggregator says that it starts before it can be used. */
    private @Nullable AggregateProcessor running() {
        AggregateProcessor known = aggregator;
        return known != null && known.isStarted() ? known : null;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        AggregateProcessor running = running();
        if (running != null) {
            return running.process(exchange, callback);
        }
        try {
            standby.process(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        }
        callback.done(true);
        return true;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        AsyncProcessorHelper.process(this, exchange);
    }

    @Override
    public CompletableFuture<Exchange> processAsync(Exchange exchange) {
        AsyncCallbackToCompletableFutureAdapter<Exchange> done =
                new AsyncCallbackToCompletableFutureAdapter<>(exchange);
        process(exchange, done);
        return done.getFuture();
    }
}
