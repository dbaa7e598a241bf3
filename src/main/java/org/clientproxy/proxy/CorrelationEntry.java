package org.clientproxy.proxy;

import java.util.concurrent.CompletableFuture;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;
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
 * by hand. Used on the loop, but for start and stop.
 */
final class CorrelationEntry extends DefaultAggregateController implements AsyncProcessor {
    private final ExceptionHandler failures;
    private volatile @Nullable AggregateProcessor aggregator;

    CorrelationEntry(ExceptionHandler failures) {
        this.failures = failures;
    }

    @Override
    public void onStart(AggregateProcessor started) {
        started.setExceptionHandler(failures);
        aggregator = started;
    }

    @Override
    public void onStop(AggregateProcessor stopped) {
        aggregator = null;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        AggregateProcessor running = aggregator;
        if (running == null) {
            exchange.setException(new IllegalStateException("the aggregator is stopped, or not started yet"));
            callback.done(true);
            return true;
        }
        return running.process(exchange, callback);
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
