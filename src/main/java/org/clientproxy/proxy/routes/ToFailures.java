package org.clientproxy.proxy.routes;

import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.spi.ExceptionHandler;
import org.apache.camel.support.ExchangeHelper;
import org.clientproxy.stream.StreamLoop;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings each stanza and each completed group that a step refused or failed at to the route {@code failures}: the exception
 * handler of the stream's consumer and of the aggregator. On the loop.
 */
public final class ToFailures implements ExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ToFailures.class);

    /** The route may fail at the way through the correlation, then at the answer, and at a smaller one. */
    private static final int PASSES = 3;

    private final RouteEntry failures;
    private final FailureLog log;

    public ToFailures(RouteEntry failures, StreamLoop loop) {
        this.failures = failures;
        this.log = new FailureLog(LOG, loop);
    }

    @Override
    public void handleException(Throwable failure) {
        handleException(null, null, failure);
    }

    @Override
    public void handleException(@Nullable String message, Throwable failure) {
        handleException(message, null, failure);
    }

    @Override
    public void handleException(@Nullable String message, @Nullable Exchange exchange, Throwable failure) {
        if (exchange == null) {
            log.failed("failed, at no stanza", message, failure);
            return;
        }
        // A copy, for the unit of work has ended. The same id, for it is the same stanza's way.
        Exchange failed = ExchangeHelper.createCopy(exchange, true);
        failed.setPattern(ExchangePattern.InOnly);
        pass(failed, failure, 1);
    }

    private void pass(Exchange failed, Throwable failure, int count) {
        failed.setException(null);
        failed.setProperty(Exchange.EXCEPTION_CAUGHT, failure);
        failures.enter(failed, done -> {
            Exception another = failed.getException();
            if (another != null && count < PASSES) {
                pass(failed, another, count + 1);
            } else if (another != null) {
                log.failed("failed for good", failed.getMessage().getBody(), another);
            }
        });
    }
}
