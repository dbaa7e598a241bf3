package org.clientproxy.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Files that an operator writes, in UTF-8. What is wrong with one is said in words that name it. */
public final class ConfigFile {
    private ConfigFile() {}

    /**
     * Keys and values of a properties file, or of its copy on the class path where there is no such file.
     *
     * @throws IllegalArgumentException that names the file and what is wrong with it
     */
    public static Map<String, String> properties(Path file) {
        if (Files.exists(file)) {
            return properties(file, new StringReader(text(file)));
        }
        try (InputStream copy = ConfigFile.class.getResourceAsStream("/" + file.getFileName())) {
            return copy == null ? Map.of() : properties(file, new InputStreamReader(copy, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalArgumentException("the copy of " + file + " on the class path cannot be read", e);
        }
    }

    /**
     * The whole file, but for a byte order mark before it.
     *
     * @throws IllegalArgumentException that names the file and what is wrong with it
     */
    static String text(Path file) {
        try {
            String text = Files.readString(file, StandardCharsets.UTF_8);
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (IOException e) {
            throw new IllegalArgumentException(file.toAbsolutePath() + " cannot be read: " + reason(file, e), e);
        }
    }

    private static Map<String, String> properties(Path file, Reader text) {
        Properties read = new Properties();
        try {
            read.load(text);
        } catch (IOException | IllegalArgumentException e) {
            // A backslash and u begin the number of a character, so a path of Windows is a likely cause.
            throw new IllegalArgumentException(
                    file.toAbsolutePath() + " cannot be read: a backslash in a value must be written twice ("
                            + e.getMessage() + ")",
                    e);
        }
        Map<String, String> properties = new TreeMap<>();
        read.forEach((key, value) -> properties.put(key.toString(), value.toString()));
        return properties;
    }

    /** Why it cannot be read, in words. */
    static @Nullable String reason(Path file, IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file";
        } else if (e instanceof AccessDeniedException) {
            return "this user may not read it";
        } else if (e instanceof CharacterCodingException) {
            return "it is not UTF-8";
        }
        return Files.isDirectory(file) ? "it is a directory" : e.getMessage();
    }
}
