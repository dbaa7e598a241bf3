package org.clientproxy;

import java.util.HashMap;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Properties;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.LoadablePropertiesSource;
import org.apache.camel.util.OrderedLocationProperties;
import org.clientproxy.observe.Secrets;
import org.jspecify.annotations.Nullable;

/**
 * What Camel gets of {@code application.properties}: not the secrets, which it would show to whoever asks its console or
 * reads its log. Ours are left out. In place of one of {@code camel.*} stands the name of a bean, which is there while Camel
 * configures itself, and not afterwards.
 */
final class CamelProperties implements LoadablePropertiesSource {
    private static final String BEAN = "client-proxy-secret-";

    private final String location;
    private final Map<String, String> shown = new HashMap<>();
    private final Map<String, String> hidden = new HashMap<>();

    /**
     * The keys of the file, and over them those system properties that are secrets of Camel's; these are no system properties
     * any more afterwards.
     *
     * @param file the name of the file
     * @param properties its keys and values
     */
    static CamelProperties of(String file, Map<String, String> properties) {
        Map<String, String> all = new HashMap<>(properties);
        for (String key : System.getProperties().stringPropertyNames()) {
            if (key.startsWith("camel.") && Secrets.isSecret(key)) {
                all.put(key, System.clearProperty(key));
            }
        }
        return new CamelProperties(file, all);
    }

    private CamelProperties(String location, Map<String, String> properties) {
        this.location = location;
        for (Entry<String, String> property : properties.entrySet()) {
            String key = property.getKey();
            // Spaces at the end of a line stay in a value otherwise.
            String value = property.getValue().strip();
            if (!Secrets.isSecret(key) || isReference(value)) {
                shown.put(key, value);
            } else if (key.startsWith("camel.")) {
                String bean = BEAN + hidden.size();
                hidden.put(bean, value);
                shown.put(key, "#bean:" + bean);
            } else if (!key.startsWith("xmpp.") && !key.startsWith("proxy.") && !key.startsWith("management.")) {
                // Routes in files may use it, whenever they are loaded.
                shown.put(key, value);
            }
        }
    }

    /** A placeholder or a bean, where the operator keeps the secret elsewhere. */
    private static boolean isReference(String value) {
        return value.isEmpty() || value.startsWith("#") || value.contains("{{");
    }

    /** Lets Camel read them. */
    void addTo(CamelContext context) {
        context.getPropertiesComponent().addPropertiesSource(this);
        hidden.forEach(context.getRegistry()::bind);
    }

    /** Camel has read what it needs. */
    void forgetSecrets(CamelContext context) {
        hidden.keySet().forEach(context.getRegistry()::unbind);
        hidden.clear();
    }

    @Override
    public String getName() {
        return location;
    }

    @Override
    public @Nullable String getProperty(String name) {
        return shown.get(name);
    }

    @Override
    public Properties loadProperties() {
        return loadProperties(key -> true);
    }

    @Override
    public Properties loadProperties(Predicate<String> filter) {
        OrderedLocationProperties loaded = new OrderedLocationProperties();
        shown.forEach((key, value) -> {
            if (filter.test(key)) {
                loaded.put(location, key, value);
            }
        });
        return loaded;
    }

    @Override
    public void reloadProperties(String ofLocation) {
        // The file is read at the start only.
    }
}
