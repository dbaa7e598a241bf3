package org.clientproxy.config;

import static org.clientproxy.proxy.settings.PoolKeys.DOMAIN;
import static org.clientproxy.proxy.settings.PoolKeys.LEAVE_GRACE;
import static org.clientproxy.proxy.settings.PoolKeys.TARGET;
import static org.clientproxy.proxy.settings.PresenceKeys.PRESENCE;
import static org.clientproxy.proxy.settings.RequestKeys.REPLY_TIMEOUT;
import static org.clientproxy.proxy.settings.ReverseKeys.REACH;
import static org.clientproxy.proxy.settings.RouteKeys.ALLOW;
import static org.clientproxy.proxy.settings.RouteKeys.DENY;
import static org.clientproxy.proxy.settings.ServerKeys.RECONNECT_MAX;
import static org.clientproxy.proxy.settings.ServerKeys.RECONNECT_MIN;
import static org.clientproxy.proxy.settings.ServerKeys.SECRET;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.clientproxy.proxy.settings.Addresses;
import org.clientproxy.proxy.settings.ConfigKey;
import org.clientproxy.proxy.settings.ConfigKeys;
import org.clientproxy.proxy.settings.PresenceUse;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;

/** Reads the settings of one proxy: each key by itself, and what contradicts another. */
final class SettingsReader {
    private final ConfigReader reader;

    SettingsReader(ConfigReader reader) {
        this.reader = reader;
    }

    /** The settings of the proxy of this name; of no use where a problem was found, and null where they cannot even be. */
    @Nullable
    ProxySettings read(String name) {
        // Each key is looked at, whatever else is wrong.
        ConfigKeys.all().forEach(reader::get);
        Jid domain = reader.get(DOMAIN);
        Jid target = reader.get(TARGET);
        String secret = new SecretReader(reader).read();
        ProxySettings.Tls tls = new TlsReader(reader).read();
        refuseLonger(RECONNECT_MIN, RECONNECT_MAX, reader.isSet(RECONNECT_MIN) || reader.isSet(RECONNECT_MAX));
        refuseLonger(LEAVE_GRACE, REPLY_TIMEOUT, reader.isSet(LEAVE_GRACE));
        if (domain == null || target == null) {
            return null;
        }
        if (target.sameDomain(domain)) {
            reader.refuse(reader.shown(TARGET) + " is inside " + reader.shown(DOMAIN)
                    + "; it must be an account of an XMPP server");
        }
        ProxySettings settings = ProxySettings.of(name, domain, target);
        for (ConfigKey<?> key : ConfigKeys.all()) {
            settings = withValue(settings, key);
        }
        if (settings.reach().contains(Addresses.SUBSCRIBERS) && !settings.uses(PresenceUse.SERVICE)) {
            reader.refuse(reader.shown(REACH) + ", but there are no subscribers without " + PRESENCE + "=service");
        }
        new ClusterReader(reader).check(settings);
        reader.sayIfPrepared(DOMAIN, List.of(domain));
        reader.sayIfPrepared(TARGET, List.of(target));
        reader.sayIfPrepared(ALLOW, settings.allow());
        reader.sayIfPrepared(DENY, settings.deny());
        reader.sayIfPrepared(REACH, settings.reach());
        return settings.with(SECRET, secret).withTls(tls).withFiles(this::filesNow);
    }

    /** Any thread. */
    private ProxySettings.Credentials filesNow() {
        Set<String> found = new LinkedHashSet<>();
        ConfigReader again = reader.reportingTo(found);
        ProxySettings.Credentials now =
                new ProxySettings.Credentials(new SecretReader(again).read(), new TlsReader(again).read());
        if (!found.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", found));
        }
        return now;
    }

    private <T> ProxySettings withValue(ProxySettings settings, ConfigKey<T> key) {
        T value = reader.get(key);
        return value == null ? settings : settings.with(key, value);
    }

    /** @param said whether an operator has said it: a default contradicts nobody */
    private void refuseLonger(ConfigKey<Duration> one, ConfigKey<Duration> other, boolean said) {
        Duration first = reader.get(one);
        Duration second = reader.get(other);
        if (said && first != null && second != null && first.compareTo(second) > 0) {
            reader.refuse(reader.shown(one) + " is longer than " + reader.shown(other));
        }
    }
}
