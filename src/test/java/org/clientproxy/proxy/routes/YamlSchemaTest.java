package org.clientproxy.proxy.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All YAML routes that we ship or show are valid by the schema of the Camel version in use, so tools can edit them. */
class YamlSchemaTest {
    private static final Pattern BLOCK = Pattern.compile("^```yaml\\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final JsonSchema SCHEMA = schema();

    /** A document and where it stands. */
    record Shown(String where, String yaml) {
        @Override
        public String toString() {
            return where;
        }
    }

    static List<Shown> documents() throws IOException {
        List<Shown> documents = new ArrayList<>();
        for (Path file : files("routes", ".yaml")) {
            documents.add(new Shown(file.toString(), Files.readString(file)));
        }
        for (Path page : files("docs", ".md")) {
            Matcher block = BLOCK.matcher(Files.readString(page));
            for (int i = 1; block.find(); i++) {
                // Others are configurations of servers.
                if (block.group(1).contains("- route:") || block.group(1).contains("- from:")) {
                    documents.add(new Shown(page + ", block " + i, block.group(1)));
                }
            }
        }
        return documents;
    }

    @ParameterizedTest
    @MethodSource("documents")
    void isValid(Shown shown) throws IOException {
        assertThat(SCHEMA.validate(YAML.readTree(shown.yaml()))).isEmpty();
    }

    private static List<Path> files(String folder, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(folder))) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    private static JsonSchema schema() {
        try (InputStream schema = YamlSchemaTest.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(schema);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
