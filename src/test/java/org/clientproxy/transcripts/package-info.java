/**
 * Scenarios as transcripts of named actors: the files under {@code src/test/resources/transcripts}, which a stranger can
 * read as the specification, and the test that plays them beside a server.
 */
package org.clientproxy.transcripts;
