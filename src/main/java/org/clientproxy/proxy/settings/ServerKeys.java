package org.clientproxy.proxy.settings;

import java.time.Duration;

/** The keys {@code xmpp.*}: how to reach the server, and the stream to it. */
public final class ServerKeys {
    static final KeySection SECTION = new KeySection("The XMPP server");

    public static final ConfigKey<String> HOST = SECTION.key(
            "xmpp.host",
            Effect.RESTART,
            Texts.host(),
            "localhost",
            "host name or IP address of the server; of a name all addresses are tried");
    public static final ConfigKey<Integer> PORT =
            SECTION.key("xmpp.port", Effect.RESTART, Amounts.number(1, 65_535), "5347", "its port for components");
    public static final ConfigKey<String> SECRET = SECTION.secret(
            "xmpp.secret",
            Effect.NEXT_CONNECTION,
            Texts.any("the secret that the server has for the component"),
            "",
            "the secret that the server has for the component; required, here or in a file");
    public static final ConfigKey<String> SECRET_FILE = SECTION.optional(
            "xmpp.secret-file",
            Effect.NEXT_CONNECTION,
            Texts.any("a file that holds the secret"),
            "",
            "a file that holds the secret instead");
    public static final ConfigKey<Boolean> TLS = SECTION.key(
            "xmpp.tls",
            Effect.NEXT_CONNECTION,
            Choices.onOff(),
            "off",
            "whether TLS is spoken to the server, from the first octet on; the server's certificate must be trusted, and for"
                    + " `xmpp.host`");
    public static final ConfigKey<String> TLS_TRUST_FILE = SECTION.optional(
            "xmpp.tls.trust-file",
            Effect.NEXT_CONNECTION,
            Texts.any("a file of PEM certificates, or a PKCS #12 or JKS store"),
            "those whom Java trusts",
            "whom to trust: a file of PEM certificates, or a PKCS #12 or JKS store");
    public static final ConfigKey<String> TLS_TRUST_PASSWORD = SECTION.secret(
            "xmpp.tls.trust-password",
            Effect.NEXT_CONNECTION,
            Texts.any("the password of that store"),
            "",
            "the password of that store");
    public static final ConfigKey<String> TLS_KEY_FILE = SECTION.optional(
            "xmpp.tls.key-file",
            Effect.NEXT_CONNECTION,
            Texts.any("a PEM file with a certificate and its private key, unencrypted"),
            "",
            "a PEM file with a certificate of our own and its private key, unencrypted, for servers that want one");
    public static final ConfigKey<Boolean> TLS_VERIFY = SECTION.key(
            "xmpp.tls.verify",
            Effect.NEXT_CONNECTION,
            Choices.bool(),
            "true",
            "whether the server's certificate is verified; with `false` anybody may take the server's place, so it is for"
                    + " tests only");
    public static final ConfigKey<Duration> CONNECT_TIMEOUT = SECTION.key(
            "xmpp.connect-timeout",
            Effect.NEXT_CONNECTION,
            Amounts.duration(1),
            "10s",
            "how long it may take to make a connection, over all addresses of the server");
    public static final ConfigKey<Duration> RECONNECT_MIN = SECTION.key(
            "xmpp.reconnect-min",
            Effect.NEXT_CONNECTION,
            Amounts.duration(1),
            "200ms",
            "the delay before the first reconnect");
    public static final ConfigKey<Duration> RECONNECT_MAX = SECTION.key(
            "xmpp.reconnect-max",
            Effect.NEXT_CONNECTION,
            Amounts.duration(1),
            "30s",
            "the longest delay between two reconnects");
    public static final ConfigKey<Duration> KEEP_ALIVE = SECTION.key(
            "xmpp.keep-alive",
            Effect.NEXT_CONNECTION,
            Amounts.duration(1),
            "60s",
            "how long the server may be silent before it is pinged");
    public static final ConfigKey<Integer> MAX_STANZA_SIZE = SECTION.key(
            "xmpp.max-stanza-size",
            Effect.RESTART,
            Amounts.stanzaSize(),
            "512KiB",
            "the largest stanza that is taken or passed on; Prosody ends the stream at larger ones");
    public static final ConfigKey<Boolean> ALLOW_MULTIPLE = SECTION.key(
            "xmpp.allow-multiple",
            Effect.NEXT_CONNECTION,
            Choices.bool(),
            "false",
            "whether Openfire is to take a connection of each node (`proxy.cluster.streams=all`); other servers pass over it");

    private ServerKeys() {}
}
