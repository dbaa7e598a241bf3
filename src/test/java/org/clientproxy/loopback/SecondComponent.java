package org.clientproxy.loopback;

/** What becomes of a further connection of the component's domain while there is one. */
public enum SecondComponent {
    /** It gets {@code conflict}, as with Prosody unless it is told otherwise. */
    REFUSED,
    /** It takes the place of the one before, which gets {@code conflict}: Prosody's {@code kick_old}. */
    KICKS_THE_OLD,
    /** Both stay, and each stanza goes to one of all at random, whoever sent it: ejabberd. */
    SHARES
}
