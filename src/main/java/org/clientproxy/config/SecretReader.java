package org.clientproxy.config;

import static org.clientproxy.proxy.settings.ServerKeys.SECRET;
import static org.clientproxy.proxy.settings.ServerKeys.SECRET_FILE;

/** Reads the secret of one proxy, from its key or from the file that another key names. */
final class SecretReader {
    private final ConfigReader reader;

    SecretReader(ConfigReader reader) {
        this.reader = reader;
    }

    /** The secret; empty where there is none, which is a problem then. */
    String read() {
        // A proxy's own secret, of either kind, takes the place of a common one of the other kind.
        boolean own = !reader.own(SECRET).isEmpty() || !reader.own(SECRET_FILE).isEmpty();
        String secret = own ? reader.own(SECRET) : reader.common(SECRET);
        String file = own ? reader.own(SECRET_FILE) : reader.common(SECRET_FILE);
        if (!secret.isEmpty() && !file.isEmpty()) {
            reader.refuse(reader.place(SECRET) + " and " + reader.shown(SECRET_FILE) + " are both set; set one");
        } else if (!file.isEmpty()) {
            try {
                return SecretFile.read(file, reader.shown(SECRET_FILE));
            } catch (IllegalArgumentException e) {
                reader.refuse(String.valueOf(e.getMessage()));
            }
        } else if (secret.isEmpty()) {
            reader.refuse(SECRET + " is missing (or " + SECRET_FILE
                    + (reader.readsVariables() ? ", or environment variable XMPP_SECRET" : "") + "); it is "
                    + SECRET.allowed());
        }
        return secret;
    }
}
