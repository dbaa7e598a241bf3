package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The management server speaks HTTP/1 alone, however HTTP/2 is asked for. */
class ManagementHttp1Test {
    private static final String STATUS = "/observe/client-proxy/status";

    /** What each HTTP/2 connection begins with (RFC 9113, section 3.4), with an empty SETTINGS frame. */
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0";

    private static ObservedProxy proxy;

    @BeforeAll
    static void start() throws Exception {
        proxy = new ObservedProxy(Map.of());
    }

    @AfterAll
    static void stop() {
        proxy.close();
    }

    @Test
    void thePrefaceOfHttp2IsRefused() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(PREFACE.getBytes(StandardCharsets.ISO_8859_1));
            // Else it would begin with the length and the type of a SETTINGS frame.
            assertThat(line(socket)).isEqualTo("HTTP/2.0 501 Not Implemented");
        }
    }

    @Test
    void anUpgradeIsIgnoredAndAnsweredInHttp1() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream()
                    .write(("GET " + STATUS + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                                    + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            assertThat(line(socket)).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @Test
    void aClientThatPrefersHttp2GetsHttp1() throws Exception {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + proxy.port + STATUS))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(answer.body()).contains("proxy.localhost");
    }

    private static Socket connect() throws IOException {
        Socket socket = new Socket("127.0.0.1", proxy.port);
        socket.setSoTimeout(20_000);
        return socket;
    }

    /** The first line, or what comes before the connection ends. */
    private static String line(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = socket.getInputStream().read();
                octet >= 0 && octet != '\r';
                octet = socket.getInputStream().read()) {
            line.append((char) octet);
            // A frame of HTTP/2 has no line, and nothing follows it.
            if (octet < ' ') {
                break;
            }
        }
        return line.toString();
    }
}
