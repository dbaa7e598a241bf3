package org.clientproxy.proxy.jgroups;

import java.time.InstantSource;
import java.util.concurrent.Executor;
import org.clientproxy.proxy.cluster.ClusterRules;
import org.clientproxy.proxy.cluster.Member;
import org.clientproxy.proxy.pending.PendingStore;
import org.clientproxy.proxy.settings.ClusterKeys;
import org.clientproxy.proxy.settings.PendingKind;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.stream.ComponentStream;
import org.jgroups.JChannel;

/** Makes the store of a node, where {@code proxy.pending=cluster} asks for it. */
public final class ClusterStoreProvider implements PendingStore.Provider {
    /** How many turns of the loop may wait for the other nodes. */
    private static final int WINDOW = 64;

    @Override
    public PendingKind kind() {
        return PendingKind.CLUSTER;
    }

    @Override
    public PendingStore open(ProxySettings settings, ComponentStream stream, InstantSource clock) {
        Member self = new Member(settings.get(ClusterKeys.NODE), clock.millis());
        ClusterRules rules = new ClusterRules(
                settings.get(ClusterKeys.NODES).size(),
                ClusterRules.Streams.valueOf(settings.get(ClusterKeys.STREAMS).name()),
                ClusterRules.Lone.valueOf(settings.get(ClusterKeys.LONE).name()),
                settings.get(ClusterKeys.SILENT_AFTER),
                WINDOW);
        return new ClusterStore(self, rules, settings, stream, clock, engine(self, rules, settings, stream.loop()));
    }

    private static Engine engine(Member self, ClusterRules rules, ProxySettings settings, Executor loop) {
        JGroupsEngine.Channels channels = settings.get(ClusterKeys.STACK)
                .<JGroupsEngine.Channels>map(file -> () -> Admission.guarded(new JChannel(file.toString()), settings))
                .orElse(() -> Admission.guarded(BuiltInStack.open(settings), settings));
        return new JGroupsEngine(self, settings.domain().toString(), channels, loop, rules.nodes() == 2);
    }
}
