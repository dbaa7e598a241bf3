package org.clientproxy.proxy.settings;

import java.util.regex.Pattern;

/**
 * What an entity is, as service discovery says it (XEP-0030 §3.1).
 *
 * @param category such as {@code component}, of the registry of the XMPP Standards Foundation
 * @param type such as {@code generic}, of the same registry
 * @param name for people; empty: none
 */
public record ServiceIdentity(String category, String type, String name) {
    private static final Pattern WORD = Pattern.compile("[a-z0-9][a-z0-9_-]*");

    /** A longer name is for nobody. */
    private static final int LONGEST_NAME = 200;

    /** @throws IllegalArgumentException that says what is wrong with the text */
    static ServiceIdentity parse(String text) {
        String[] parts = text.split("/", 3);
        String name = parts.length < 3 ? "" : parts[2].strip();
        if (parts.length < 2
                || !WORD.matcher(parts[0]).matches()
                || !WORD.matcher(parts[1]).matches()) {
            throw new IllegalArgumentException("category and type are words of small letters, digits, - and _");
        }
        if (name.length() > LONGEST_NAME || name.codePoints().anyMatch(ServiceIdentity::cannotBeRead)) {
            throw new IllegalArgumentException(
                    "the name has at most " + LONGEST_NAME + " characters, and none that nobody can read");
        }
        return new ServiceIdentity(parts[0], parts[1], name);
    }

    private static boolean cannotBeRead(int character) {
        return Character.isISOControl(character)
                || !Character.isDefined(character)
                || Character.getType(character) == Character.SURROGATE;
    }
}
