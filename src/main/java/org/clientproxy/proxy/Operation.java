package org.clientproxy.proxy;

import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.LogText;
import org.jspecify.annotations.Nullable;

/** What an operator may tell a running proxy. One word names it in each place where it can be told. */
public enum Operation {
    /** New requests are refused; what is pending is answered. */
    PAUSE,
    /** New requests are taken again. */
    RESUME,
    /** The stream to the server is closed in order and made anew. */
    RECONNECT,
    /** One resource gets no new requests until it is restored or leaves. */
    RETIRE,
    /** One resource that was retired gets new requests again. */
    RESTORE;

    private static final long LIMIT_SECONDS = 5;

    /** The operation of this word, such as {@code retire}; null where there is none. */
    public static @Nullable Operation of(String word) {
        for (Operation each : values()) {
            if (each.word().equals(word)) {
                return each;
            }
        }
        return null;
    }

    /**
     * The proxy of this name, which is to be told something.
     *
     * @throws NoSuchElementException that says so where there is none
     */
    public static ClientProxy proxy(List<ClientProxy> proxies, String name) {
        return proxies.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("There is no proxy " + LogText.of(name) + " here."));
    }

    /** Its name in paths and commands. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it is about one resource, and not about the whole proxy. */
    public boolean isOfResource() {
        return this == RETIRE || this == RESTORE;
    }

    /**
     * Carries it out, and waits for that. Any thread but a proxy's loop.
     *
     * @param resource the resource that it is about, by its full address or its resourcepart; empty where it is about none
     * @return what is so now, in a sentence
     * @throws IllegalArgumentException where a resource is named in vain, or none where one must be
     * @throws NoSuchElementException where no such resource is in the pool
     * @throws IllegalStateException where the proxy does not answer
     */
    public String carryOut(ClientProxy proxy, String resource) {
        if (isOfResource() == resource.isEmpty()) {
            throw new IllegalArgumentException(word()
                    + (isOfResource() ? " needs a resource." : " is about the whole proxy, so it takes no resource."));
        }
        return switch (this) {
            case PAUSE -> {
                proxy.pause();
                yield proxy.domain() + " refuses new requests; those that are pending are answered.";
            }
            case RESUME -> {
                proxy.resume();
                yield proxy.domain() + " takes new requests.";
            }
            case RECONNECT -> {
                proxy.reconnect();
                yield proxy.domain() + " makes its stream to the server anew; requests stay pending.";
            }
            case RETIRE ->
                tell(proxy, resource, proxy::retire) + " gets no new requests; those that are pending are awaited.";
            case RESTORE -> tell(proxy, resource, proxy::restore) + " gets new requests.";
        };
    }

    private static String tell(ClientProxy proxy, String resource, Function<Jid, CompletionStage<Boolean>> wish) {
        boolean there;
        Jid address = address(proxy, resource);
        try {
            there = wish.apply(address)
                    .toCompletableFuture()
                    .orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException | RejectedExecutionException e) {
            throw new IllegalStateException("The event loop does not answer.", e);
        }
        if (!there) {
            throw unknown(proxy, resource);
        }
        return LogText.of(address.toString());
    }

    /** A resource may look like an address itself; the address in the pool that is written so wins. */
    private static Jid address(ClientProxy proxy, String resource) {
        for (Jid each : proxy.resourceCounters().keySet()) {
            if (each.toString().equals(resource) || resource.equals(each.resource())) {
                return each;
            }
        }
        throw unknown(proxy, resource);
    }

    private static NoSuchElementException unknown(ClientProxy proxy, String resource) {
        return new NoSuchElementException(LogText.of(resource) + " is not in the pool of " + proxy.target() + '.');
    }
}
