package org.clientproxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {
    @TempDir
    Path directory;

    private Path file(byte[] content) throws Exception {
        return Files.write(directory.resolve("application.properties"), content);
    }

    @Test
    void readsUtf8() throws Exception {
        Path file = file("proxy.target=wörker@exämple\n".getBytes(StandardCharsets.UTF_8));
        assertThat(ConfigFile.properties(file)).containsOnly(entry("proxy.target", "wörker@exämple"));
    }

    @Test
    void takesTheCopyOnTheClassPathWhereThereIsNoFile() {
        // The copy is the file of the repository, in which every key is commented out.
        assertThat(ConfigFile.class.getResource("/application.properties")).isNotNull();
        assertThat(ConfigFile.properties(directory.resolve("application.properties")))
                .isEmpty();
    }

    @Test
    void namesTheFileThatCannotBeRead() throws Exception {
        Path latin = file("proxy.target=wörker@exämple\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> ConfigFile.properties(latin))
                .hasMessage(latin.toAbsolutePath() + " cannot be read: it is not UTF-8");
        assertThatThrownBy(() -> ConfigFile.properties(directory)).hasMessageContaining("it is a directory");
        Path windows = file("proxy.data-dir=C:\\users\\x\n".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> ConfigFile.properties(windows))
                .hasMessageContaining(windows.toString())
                .hasMessageContaining("a backslash in a value must be written twice");
    }
}
