package org.clientproxy.proxy;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.PendingKind;
import org.clientproxy.proxy.settings.EncodedFrom;

import java.time.Duration;
import java.util.List;
import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;

/** Settings that differ from others in what a test is about. */
public final class SettingsBuilder {
    private final ProxySettings base;
    private List<String> resources;
    private List<Jid> allow;
    private List<Jid> deny;
    private @Nullable String accept;
    private int maxPending;
    private int maxPendingPerRequester;
    private long maxPendingSize;
    private boolean retrySet;
    private Duration drainTimeout;
    private PendingKind pending;
    private Jid domain;
    private EncodedFrom encodedFrom;
    private List<String> jatKeys;
    private List<String> routes;

    public SettingsBuilder(ProxySettings base) {
        this.base = base;
        resources = base.resources();
        allow = base.allow();
        deny = base.deny();
        accept = base.accept();
        maxPending = base.maxPending();
        maxPendingPerRequester = base.maxPendingPerRequester();
        maxPendingSize = base.maxPendingSize();
        retrySet = base.retrySet();
        drainTimeout = base.drainTimeout();
        pending = base.pending();
        domain = base.domain();
        encodedFrom = base.encodedFrom();
        jatKeys = base.jatKeys();
        routes = base.routes();
    }

    SettingsBuilder resources(String... value) {
        resources = List.of(value);
        return this;
    }

    SettingsBuilder allow(List<Jid> value) {
        allow = value;
        return this;
    }

    SettingsBuilder deny(List<Jid> value) {
        deny = value;
        return this;
    }

    public SettingsBuilder accept(String value) {
        accept = value;
        return this;
    }

    public SettingsBuilder maxPending(int value) {
        maxPending = value;
        return this;
    }

    public SettingsBuilder maxPendingPerRequester(int value) {
        maxPendingPerRequester = value;
        return this;
    }

    public SettingsBuilder maxPendingSize(long value) {
        maxPendingSize = value;
        return this;
    }

    public SettingsBuilder retrySet(boolean value) {
        retrySet = value;
        return this;
    }

    public SettingsBuilder drainTimeout(Duration value) {
        drainTimeout = value;
        return this;
    }

    SettingsBuilder domain(Jid value) {
        domain = value;
        return this;
    }

    public SettingsBuilder pending(PendingKind value) {
        pending = value;
        return this;
    }

    SettingsBuilder encodedFrom(EncodedFrom value) {
        encodedFrom = value;
        return this;
    }

    SettingsBuilder jatKeys(String... values) {
        jatKeys = List.of(values);
        return this;
    }

    public SettingsBuilder routes(String... values) {
        routes = List.of(values);
        return this;
    }

    public ProxySettings build() {
        return new ProxySettings(
                base.name(),
                base.stream(),
                domain,
                base.target(),
                resources,
                base.selection(),
                base.replyTimeout(),
                base.attempts(),
                retrySet,
                base.leaveGrace(),
                drainTimeout,
                base.confirmTimeout(),
                maxPending,
                maxPendingPerRequester,
                maxPendingSize,
                allow,
                deny,
                accept,
                pending,
                base.dataDir(),
                encodedFrom,
                jatKeys,
                routes);
    }
}
