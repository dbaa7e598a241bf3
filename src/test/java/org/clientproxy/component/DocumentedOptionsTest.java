package org.clientproxy.component;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The component's page has every option and header of the generated metadata, with its description and default. */
class DocumentedOptionsTest {
    @ParameterizedTest
    @ValueSource(strings = {"componentProperties", "properties", "headers"})
    void thePageShowsTheGeneratedMetadata(String part) throws Exception {
        JsonObject metadata = (JsonObject) Jsoner.deserialize(Files.readString(
                Path.of("src/generated/resources/META-INF/org/clientproxy/component/xmpp-component.json")));
        String page = Files.readString(Path.of("src/main/docs/xmpp-component-component.adoc"));
        Map<String, Object> described = metadata.getMap(part);
        assertThat(described).isNotEmpty();
        described.forEach((name, value) -> {
            JsonObject option = (JsonObject) value;
            Object defaultValue = option.getOrDefault("defaultValue", "");
            String javaType = option.getString("javaType");
            assertThat(page)
                    .as(name)
                    .containsPattern("(?m)^\\| \\*" + name + "( \\([a-z ()]+\\))?\\* \\| (\\*Required\\* )?"
                            + Pattern.quote(option.getString("description") + " | " + defaultValue + " | "
                                    + javaType.substring(javaType.lastIndexOf('.') + 1))
                            + "$");
        });
    }
}
