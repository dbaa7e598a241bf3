package org.clientproxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.clientproxy.proxy.settings.ClusterKeys;
import org.clientproxy.proxy.settings.NodeAddress;
import org.clientproxy.proxy.settings.ProxySettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is missing among the keys of a node, or contradicts each other, is said before it starts. */
class ClusterReaderTest {
    private static final Map<String, String> NODE = Map.of(
            "xmpp.secret", "s3cr3t",
            "proxy.domain", "proxy.example",
            "proxy.target", "worker@some.example",
            "proxy.pending", "cluster",
            "proxy.jat-key", "A".repeat(43),
            "proxy.cluster.node", "2",
            "proxy.cluster.nodes", "192.0.2.1:7800, [2001:db8::2]:7800,three.example:7801",
            "proxy.cluster.bind", "[2001:db8::2]:7800",
            "proxy.cluster.secret", "between-us");

    private static ProxySettings read(String... changes) {
        Map<String, String> keys = new HashMap<>(NODE);
        for (int i = 0; i < changes.length; i += 2) {
            if (changes[i + 1] == null) {
                keys.remove(changes[i]);
            } else {
                keys.put(changes[i], changes[i + 1]);
            }
        }
        return ProxyConfiguration.read(keys, Map.of()).get(0);
    }

    @Test
    void readsWhereTheNodesAre() {
        ProxySettings settings = read();
        assertThat(settings.get(ClusterKeys.NODE)).isEqualTo(2);
        assertThat(settings.get(ClusterKeys.NODES))
                .isEqualTo(List.of(
                        new NodeAddress("192.0.2.1", 7800),
                        new NodeAddress("2001:db8::2", 7800),
                        new NodeAddress("three.example", 7801)));
        assertThat(settings.get(ClusterKeys.BIND)).hasToString("[2001:db8::2]:7800");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "proxy.cluster.node|-|proxy.cluster.node is missing, which proxy.pending=cluster needs; allowed: 1 to 99",
                "proxy.cluster.node|100|proxy.cluster.node is 100, which is not allowed",
                "proxy.cluster.nodes|-|proxy.cluster.nodes must name two nodes or more",
                "proxy.cluster.nodes|192.0.2.1:7800|proxy.cluster.nodes must name two nodes or more",
                "proxy.cluster.nodes|192.0.2.1|no host and port: 192.0.2.1",
                "proxy.cluster.nodes|192.0.2.1:7800,192.0.2.1:7800|one of them twice",
                "proxy.cluster.nodes|192.0.2.1:1,192.0.2.2:1|names no node with the port of proxy.cluster.bind",
                "proxy.cluster.secret|-|proxy.cluster.secret is missing",
                "proxy.jat-key|-|proxy.jat-key is missing, which proxy.pending=cluster needs",
                "proxy.cluster.silent-after|10ms|proxy.cluster.silent-after is 10ms, which is not allowed",
                "proxy.cluster.streams|two|one, all or none",
                "proxy.pending|file|but a node keeps its requests by proxy.pending=cluster only",
            })
    void saysWhatIsWrong(String key, String value, String words) {
        assertThatThrownBy(() -> read(key, value)).hasMessageContaining(words).hasMessageNotContaining("between-us");
    }

    @Test
    void withSeveralStreamsNoPresenceOfUsersIsPassedOn() {
        assertThat(read("proxy.presence", "service")).isNotNull();
        assertThatThrownBy(() -> read("proxy.cluster.streams", "all", "proxy.presence", "service"))
                .hasMessageContaining("proxy.presence (service), but with proxy.cluster.streams=all");
    }

    @Test
    void onLoopbackNoSecretIsNeeded() {
        assertThat(read("proxy.cluster.secret", null, "proxy.cluster.bind", "127.0.0.1:7801"))
                .isNotNull();
    }
}
