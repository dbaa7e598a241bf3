package org.clientproxy.component;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.CatalogCamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;
import org.junit.jupiter.api.Test;

/** Tools find the component in the jar as they find Camel's own: by its list of components, then by the JSON of each. */
class ComponentListedTest {
    private static final String LIST = "META-INF/services/org/apache/camel/component.properties";

    @Test
    void theJarListsTheComponentBesideThoseOfCamel() throws Exception {
        Map<String, Properties> lists = new HashMap<>();
        for (URL url : Collections.list(getClass().getClassLoader().getResources(LIST))) {
            Properties list = new Properties();
            try (InputStream in = url.openStream()) {
                list.load(in);
            }
            lists.put(list.getProperty("artifactId"), list);
        }
        assertThat(lists).containsKey("camel-netty").containsKey("camel-client-proxy");
        Properties ours = lists.get("camel-client-proxy");
        assertThat(ours.stringPropertyNames())
                .isEqualTo(lists.get("camel-netty").stringPropertyNames());
        assertThat(ours.getProperty("components")).isEqualTo("xmpp-component");
        assertThat(ours.getProperty("groupId")).isEqualTo("org.clientproxy");
    }

    @Test
    void itsJsonIsFoundByTheNameInTheListAndNamesTheSameJar() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            String json = ((CatalogCamelContext) context).getComponentParameterJsonSchema("xmpp-component");
            Map<String, Object> component = ((JsonObject) Jsoner.deserialize(json)).getMap("component");
            assertThat(component.get("scheme")).isEqualTo("xmpp-component");
            assertThat(component.get("groupId")).isEqualTo("org.clientproxy");
            assertThat(component.get("artifactId")).isEqualTo("camel-client-proxy");
            assertThat(component.get("javaType")).isEqualTo(XmppComponent.class.getName());
        }
    }
}
