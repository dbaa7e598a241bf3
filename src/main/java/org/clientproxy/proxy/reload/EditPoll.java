package org.clientproxy.proxy.reload;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads files once a second, on a thread of its own, for that works on every kind of file system, and where a directory is replaced
 * by another one. What has been still for a second is handed on, so that a file which is being written is not taken for one
 * that is complete.
 *
 * @param <T> what is read; equal where nothing was edited
 */
public final class EditPoll<T> extends ServiceSupport {
    private static final Logger LOG = LoggerFactory.getLogger(EditPoll.class);

    private final CamelContext context;
    private final String files;
    private final Supplier<@Nullable T> read;
    private final Consumer<T> still;
    private @Nullable T seen;
    private @Nullable ScheduledExecutorService executor;

    /**
     * @param files what is looked at, for people
     * @param read gives what is there now; null: it cannot be read
     * @param still takes what was the same at two looks, at each further look too, while the context is started
     */
    public EditPoll(CamelContext context, String files, Supplier<@Nullable T> read, Consumer<T> still) {
        this.context = context;
        this.files = files;
        this.read = read;
        this.still = still;
    }

    @Override
    protected void doStart() {
        executor = context.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "EditPoll");
        executor.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    }

    @Override
    protected void doStop() {
        if (executor != null) {
            context.getExecutorServiceManager().shutdownGraceful(executor);
        }
    }

    private void look() {
        try {
            T now = read.get();
            boolean same = now != null && now.equals(seen);
            seen = now;
            if (now != null && same && context.isStarted()) {
                still.accept(now);
            }
        } catch (RuntimeException e) {
            LOG.error("could not look for edits of {}, will try again", files, e);
        }
    }
}
