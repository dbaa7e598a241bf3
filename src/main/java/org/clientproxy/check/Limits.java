package org.clientproxy.check;

import java.time.Duration;

/**
 * How long each step may take. With nothing answering, all steps of a proxy together end within half a minute.
 *
 * @param lookUp the look-up of the server's name
 * @param connect a connection to one address, and TLS there as long again; all addresses are tried side by side
 * @param admission the connection that is made as the component
 * @param answer an answer of the server, or of the account
 * @param presences the presences of the target's sessions, after a probe
 */
record Limits(Duration lookUp, Duration connect, Duration admission, Duration answer, Duration presences) {
    static final Limits USUAL = new Limits(
            Duration.ofSeconds(4),
            Duration.ofSeconds(4),
            Duration.ofSeconds(5),
            Duration.ofSeconds(3),
            Duration.ofSeconds(3));
}
