package org.clientproxy.proxy.jgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.clientproxy.proxy.ProxyFixture;
import org.clientproxy.proxy.SettingsBuilder;
import org.clientproxy.proxy.cluster.Member;
import org.clientproxy.proxy.cluster.View;
import org.clientproxy.proxy.settings.ClusterKeys;
import org.clientproxy.proxy.settings.ClusterStreams;
import org.clientproxy.proxy.settings.NodeAddress;
import org.clientproxy.proxy.settings.PoolKeys;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.RouteKeys;
import org.clientproxy.scenarios.CapturedLog;
import org.clientproxy.servers.FreePort;
import org.clientproxy.xmpp.Jid;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.protocols.TCP;
import org.jgroups.stack.Protocol;
import org.jgroups.stack.ProtocolStack;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who may join, and what somebody on the way between two nodes can do. */
class JoiningTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String OLD = "A".repeat(43);
    private static final String NEW = "Q".repeat(42) + "A";

    private final List<Integer> ports = List.of(FreePort.next(), FreePort.next(), FreePort.next());
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    private ProxySettings settings(int node, UnaryOperator<SettingsBuilder> change) {
        SettingsBuilder common = new SettingsBuilder(ProxyFixture.settings(Path.of("unused")))
                .with(ClusterKeys.NODE, node)
                .with(ClusterKeys.BIND, new NodeAddress("127.0.0.1", ports.get(node - 1)))
                .with(
                        ClusterKeys.NODES,
                        ports.stream()
                                .map(port -> new NodeAddress("127.0.0.1", port))
                                .toList())
                .with(ClusterKeys.CLUSTER_SECRET, "for-all-of-a-test")
                .with(RouteKeys.JAT_KEY, List.of(OLD));
        return change.apply(common).build();
    }

    /** An engine, and the views that it has delivered. */
    private final class Node implements Engine.Above, AutoCloseable {
        final Engine engine;
        final List<View> views = new CopyOnWriteArrayList<>();

        Node(int number, UnaryOperator<SettingsBuilder> change) {
            ProxySettings settings = settings(number, change);
            engine = new JGroupsEngine(
                    new Member(number, 1),
                    "proxy.example",
                    () -> Admission.guarded(BuiltInStack.open(settings), settings),
                    Runnable::run,
                    false);
            opened.add(this);
            engine.join(this);
        }

        void awaitMembers(int count) {
            Awaitility.await("it sees " + count).atMost(LIMIT).until(() -> members() == count);
        }

        int members() {
            return views.isEmpty() ? 0 : views.get(views.size() - 1).members().size();
        }

        @Override
        public void viewDelivered(View view) {
            views.add(view);
        }

        @Override
        public void received(Member from, byte[] octets) {
            // Nobody sends here.
        }

        @Override
        public void ended(int other) {
            // There are three.
        }

        @Override
        public void close() {
            engine.leave();
        }
    }

    private static SettingsBuilder same(SettingsBuilder settings) {
        return settings;
    }

    private void assertRefused(String keys, UnaryOperator<SettingsBuilder> change) {
        Node one = new Node(1, JoiningTest::same);
        try (CapturedLog log = CapturedLog.ofUs(Level.INFO)) {
            assertThatThrownBy(() -> new Node(2, change))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("refuse this one");
            assertThat(log.events())
                    .filteredOn(line -> line.contains("node 2 is refused"))
                    .singleElement()
                    .asString()
                    .startsWith("ERROR")
                    .contains(": " + keys)
                    .doesNotContain(OLD)
                    .doesNotContain(NEW);
        }
        assertThat(one.members()).isEqualTo(1);
    }

    @Test
    void refusesAnotherKeyOfTokens() {
        assertRefused("proxy.jat-key", settings -> settings.with(RouteKeys.JAT_KEY, List.of(NEW)));
    }

    @Test
    void refusesAnotherNumberOfNodesAndNamesEachKey() {
        assertRefused("proxy.cluster.nodes, proxy.cluster.silent-after", settings -> settings.with(
                        ClusterKeys.NODES,
                        List.of(new NodeAddress("127.0.0.1", ports.get(0)), new NodeAddress("127.0.0.1", ports.get(1))))
                .with(ClusterKeys.SILENT_AFTER, Duration.ofSeconds(7)));
    }

    @Test
    void takesTheNextKeyOfTokensOneNodeAfterTheOther() {
        Node one = new Node(1, settings -> settings.with(RouteKeys.JAT_KEY, List.of(OLD, NEW)));
        new Node(2, settings -> settings.with(RouteKeys.JAT_KEY, List.of(NEW, OLD)));
        one.awaitMembers(2);
    }

    @Test
    void takesAWitness() {
        Node one = new Node(1, JoiningTest::same);
        new Node(2, settings -> settings.with(ClusterKeys.STREAMS, ClusterStreams.NONE));
        one.awaitMembers(2);
    }

    @Test
    void differencesOfWhatNeedNotBeAlikeMatterNothing() {
        Fingerprint own = Fingerprint.of(settings(1, JoiningTest::same));
        assertThat(own.differences(
                        Fingerprint.of(settings(2, settings -> settings.with(PoolKeys.RESOURCES, List.of("web-*"))))))
                .isEmpty();
        assertThat(own.differences(Fingerprint.of(
                        settings(2, settings -> settings.with(PoolKeys.TARGET, Jid.parse("other@some.example"))))))
                .contains("proxy.target");
    }

    @Test
    void isAloneWithAnotherSecret() {
        Node one = new Node(1, JoiningTest::same);
        Node stranger = new Node(2, settings -> settings.with(ClusterKeys.CLUSTER_SECRET, "guessed"));
        Node three = new Node(3, JoiningTest::same);
        one.awaitMembers(2);
        three.awaitMembers(2);
        assertThat(stranger.views).allSatisfy(view -> assertThat(view.members()).hasSize(1));
        assertThat(one.views).allSatisfy(view -> assertThat(view.members()).doesNotContain(new Member(2, 1)));
    }

    @Test
    void aTokenIsOfOneAddressAndOneFingerprint() throws Exception {
        ProxySettings settings = settings(1, JoiningTest::same);
        byte[] key = new ClusterSecret(settings).keyFor("membership");
        Fingerprint fingerprint = Fingerprint.of(settings);
        SecretToken own = new SecretToken(key, fingerprint);
        SecretToken shown = new SecretToken(key, fingerprint);
        org.jgroups.protocols.AUTH auth = new org.jgroups.protocols.AUTH();
        org.jgroups.util.UUID two = new org.jgroups.util.UUID(2, 1);
        auth.setAddress(two);
        shown.setAuth(auth);
        SecretToken came = new SecretToken();
        java.io.ByteArrayOutputStream octets = new java.io.ByteArrayOutputStream();
        shown.writeTo(new java.io.DataOutputStream(octets));
        assertThat(octets.size()).isEqualTo(shown.size());
        came.readFrom(new java.io.DataInputStream(new java.io.ByteArrayInputStream(octets.toByteArray())));
        Message join = new BytesMessage().setSrc(two);
        assertThat(own.authenticate(came, join)).isTrue();
        assertThat(own.authenticate(came, new BytesMessage().setSrc(new org.jgroups.util.UUID(3, 1))))
                .as("another address")
                .isFalse();
        assertThat(new SecretToken(
                                new ClusterSecret(settings(1, each -> each.with(ClusterKeys.CLUSTER_SECRET, "x")))
                                        .keyFor("membership"),
                                fingerprint)
                        .authenticate(came, join))
                .as("another secret")
                .isFalse();
        assertThat(own.authenticate(new SecretToken(), join))
                .as("nothing shown")
                .isFalse();
        byte[] changed = octets.toByteArray();
        changed[changed.length - 1] ^= 1;
        SecretToken forged = new SecretToken();
        forged.readFrom(new java.io.DataInputStream(new java.io.ByteArrayInputStream(changed)));
        assertThat(own.authenticate(forged, join)).as("another fingerprint").isFalse();
    }

    // ---- On the way ----

    /** Somebody between two nodes, who changes an octet of every second message. */
    public static final class Changes extends Protocol {
        private volatile boolean begun;
        private int count;

        @Override
        public synchronized Object down(Message message) {
            if (!begun || !message.hasArray() || message.getLength() == 0 || count++ % 2 == 0) {
                return down_prot.down(message);
            }
            byte[] octets = Arrays.copyOfRange(
                    message.getArray(), message.getOffset(), message.getOffset() + message.getLength());
            octets[count * 7 % octets.length] ^= 1;
            return down_prot.down(message.copy(false, true).setArray(octets, 0, octets.length));
        }
    }

    /** What comes of so many messages, each the octet of its number some times. */
    private List<byte[]> sent(String secret) throws Exception {
        List<byte[]> received = new CopyOnWriteArrayList<>();
        JChannel one = open(1, secret);
        JChannel two = open(2, secret);
        two.setReceiver(new Receiver() {
            @Override
            public void receive(Message message) {
                received.add(Arrays.copyOfRange(
                        message.getArray(), message.getOffset(), message.getOffset() + message.getLength()));
            }
        });
        Changes changes = new Changes();
        one.getProtocolStack().insertProtocol(changes, ProtocolStack.Position.ABOVE, TCP.class);
        one.connect("test");
        two.connect("test");
        Awaitility.await("both")
                .atMost(LIMIT)
                .until(() -> one.getView().size() == 2 && two.getView().size() == 2);
        changes.begun = true;
        for (int i = 0; i < 100; i++) {
            byte[] octets = new byte[20];
            Arrays.fill(octets, (byte) i);
            one.send(new BytesMessage(two.getAddress(), octets));
        }
        Awaitility.await("all have come").atMost(LIMIT).until(() -> received.size() == 100);
        return received;
    }

    private JChannel open(int node, String secret) throws Exception {
        JChannel channel = BuiltInStack.open(settings(node, each -> each.with(ClusterKeys.CLUSTER_SECRET, secret)));
        opened.add(channel);
        return channel;
    }

    private static boolean isAsSent(byte[] octets) {
        byte[] uniform = new byte[20];
        Arrays.fill(uniform, octets[0]);
        return Arrays.equals(octets, uniform);
    }

    @Test
    void aChangedOctetIsDroppedAndTheMessageComesUnchangedLater() throws Exception {
        assertThat(sent("for-all-of-a-test")).allMatch(JoiningTest::isAsSent);
    }

    @Test
    void withoutASecretItWouldArrive() throws Exception {
        assertThat(sent("")).anyMatch(octets -> !isAsSent(octets));
    }
}
