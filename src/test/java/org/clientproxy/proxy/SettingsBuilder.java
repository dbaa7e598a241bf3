package org.clientproxy.proxy;

import java.time.Duration;
import java.util.List;
import org.clientproxy.proxy.settings.ConfigKey;
import org.clientproxy.proxy.settings.EncodedFrom;
import org.clientproxy.proxy.settings.PendingKind;
import org.clientproxy.proxy.settings.PoolKeys;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.RequestKeys;
import org.clientproxy.proxy.settings.RetrySet;
import org.clientproxy.proxy.settings.RouteKeys;
import org.clientproxy.proxy.settings.WorkerKeys;
import org.clientproxy.xmpp.Jid;

/** Settings that differ from others in what a test is about. */
public final class SettingsBuilder {
    private ProxySettings settings;

    public SettingsBuilder(ProxySettings base) {
        settings = base;
    }

    /** Whatever the key is. */
    public <T> SettingsBuilder with(ConfigKey<T> key, T value) {
        settings = settings.with(key, value);
        return this;
    }

    SettingsBuilder resources(String... value) {
        return with(PoolKeys.RESOURCES, List.of(value));
    }

    SettingsBuilder allow(List<Jid> value) {
        return with(RouteKeys.ALLOW, value);
    }

    SettingsBuilder deny(List<Jid> value) {
        return with(RouteKeys.DENY, value);
    }

    public SettingsBuilder accept(String value) {
        return with(RouteKeys.ACCEPT, value);
    }

    public SettingsBuilder maxPending(int value) {
        return with(RequestKeys.MAX_PENDING, value);
    }

    public SettingsBuilder maxPendingPerRequester(int value) {
        return with(RequestKeys.MAX_PENDING_PER_REQUESTER, value);
    }

    public SettingsBuilder maxPendingSize(long value) {
        return with(RequestKeys.MAX_PENDING_SIZE, value);
    }

    public SettingsBuilder retrySet(RetrySet value) {
        return with(WorkerKeys.RETRY_SET, value);
    }

    public SettingsBuilder drainTimeout(Duration value) {
        return with(RequestKeys.DRAIN_TIMEOUT, value);
    }

    SettingsBuilder domain(Jid value) {
        return with(PoolKeys.DOMAIN, value);
    }

    public SettingsBuilder pending(PendingKind value) {
        return with(RequestKeys.PENDING, value);
    }

    SettingsBuilder encodedFrom(EncodedFrom value) {
        return with(RouteKeys.ENCODED_FROM, value);
    }

    SettingsBuilder jatKeys(String... values) {
        return with(RouteKeys.JAT_KEY, List.of(values));
    }

    public SettingsBuilder routes(String... values) {
        return with(RouteKeys.ROUTES, List.of(values));
    }

    public ProxySettings build() {
        return settings;
    }
}
