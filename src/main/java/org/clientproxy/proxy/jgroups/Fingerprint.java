package org.clientproxy.proxy.jgroups;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.clientproxy.proxy.cluster.ClusterNode;
import org.clientproxy.proxy.settings.ClusterKeys;
import org.clientproxy.proxy.settings.ClusterStreams;
import org.clientproxy.proxy.settings.PoolKeys;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.RouteKeys;
import org.clientproxy.proxy.settings.TokenKey;
import org.jspecify.annotations.Nullable;

/**
 * What all nodes must have been told alike, as short hashes by the names of the keys, so that it tells no key. Two nodes agree on a
 * key where each one's first value is among the other's: whoever changes the key of tokens lists the old one, too, for a while.
 */
final class Fingerprint {
    private static final int MOST = 64;

    private final Map<String, List<Long>> hashes;

    private Fingerprint(Map<String, List<Long>> hashes) {
        this.hashes = hashes;
    }

    static Fingerprint of(ProxySettings settings) {
        Fingerprint made = new Fingerprint(new LinkedHashMap<>());
        byte[] key = new ClusterSecret(settings).keyFor("comparison");
        made.add(key, "the version of the program", List.of("" + ClusterNode.WIRE_VERSION));
        made.add(key, PoolKeys.DOMAIN.key(), List.of(settings.domain().key()));
        made.add(key, PoolKeys.TARGET.key(), List.of(settings.target().key()));
        made.add(
                key,
                RouteKeys.ENCODED_FROM.key(),
                List.of(settings.encodedFrom().name()));
        made.add(
                key,
                RouteKeys.JAT_KEY.key(),
                settings.jatKeys().stream()
                        .map(each -> HexFormat.of().formatHex(TokenKey.decode(each, RouteKeys.JAT_KEY.key())))
                        .toList());
        made.add(
                key,
                ClusterKeys.NODES.key(),
                List.of("" + settings.get(ClusterKeys.NODES).size()));
        made.add(key, ClusterKeys.STREAMS.key(), streams(settings.get(ClusterKeys.STREAMS)));
        made.add(
                key,
                ClusterKeys.LONE.key(),
                List.of(settings.get(ClusterKeys.LONE).name()));
        made.add(
                key,
                ClusterKeys.SILENT_AFTER.key(),
                List.of("" + settings.get(ClusterKeys.SILENT_AFTER).toMillis()));
        return made;
    }

    /** A witness goes with all of the others. */
    private static List<String> streams(ClusterStreams own) {
        String none = ClusterStreams.NONE.name();
        return own == ClusterStreams.NONE
                ? Arrays.stream(ClusterStreams.values())
                        .map(ClusterStreams::name)
                        .sorted((one, other) -> one.equals(none) ? -1 : other.equals(none) ? 1 : 0)
                        .toList()
                : List.of(own.name(), none);
    }

    private void add(byte[] key, String name, List<String> values) {
        hashes.put(
                name,
                values.stream()
                        .map(value -> ByteBuffer.wrap(
                                        ClusterSecret.code(key, (name + '=' + value).getBytes(StandardCharsets.UTF_8)))
                                .getLong())
                        .toList());
    }

    /** The names of the keys on which the other one does not agree, in the order of letters. */
    List<String> differences(Fingerprint other) {
        TreeSet<String> names = new TreeSet<>(hashes.keySet());
        names.addAll(other.hashes.keySet());
        names.removeIf(name -> agree(hashes.get(name), other.hashes.get(name)));
        return List.copyOf(names);
    }

    private static boolean agree(@Nullable List<Long> one, @Nullable List<Long> other) {
        return one != null
                && other != null
                && !one.isEmpty()
                && !other.isEmpty()
                && one.contains(other.get(0))
                && other.contains(one.get(0));
    }

    void writeTo(DataOutput out) throws IOException {
        out.writeByte(hashes.size());
        for (Map.Entry<String, List<Long>> each : hashes.entrySet()) {
            out.writeUTF(each.getKey());
            out.writeByte(each.getValue().size());
            for (long hash : each.getValue()) {
                out.writeLong(hash);
            }
        }
    }

    static Fingerprint readFrom(DataInput in) throws IOException {
        Map<String, List<Long>> hashes = new LinkedHashMap<>();
        int size = in.readUnsignedByte();
        for (int i = 0; i < size && i < MOST; i++) {
            String name = in.readUTF();
            List<Long> values = new ArrayList<>();
            int count = in.readUnsignedByte();
            for (int j = 0; j < count; j++) {
                values.add(in.readLong());
            }
            hashes.put(name, values);
        }
        return new Fingerprint(hashes);
    }
}
