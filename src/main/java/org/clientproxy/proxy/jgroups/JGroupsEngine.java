package org.clientproxy.proxy.jgroups;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.clientproxy.proxy.cluster.Member;
import org.clientproxy.proxy.cluster.View;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.Event;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A channel of JGroups: who is there, and ordered messages between two. A member's address holds the number of its node and when it was
 * started, so nobody has to be asked for it.
 */
final class JGroupsEngine implements Engine, Receiver {
    private static final Logger LOG = LoggerFactory.getLogger(JGroupsEngine.class);

    private static final int MOST_NODES = 99;
    private static final int CONNECT_MILLIS = 2000;

    /** Makes a channel that is not connected. */
    @FunctionalInterface
    interface Channels {
        JChannel open() throws Exception;
    }

    private final Member self;
    private final String cluster;
    private final Channels channels;
    private final Executor loop;
    private final boolean two;
    private final Map<Member, IpAddress> places = new ConcurrentHashMap<>();
    // What goes to each other member at the end of this turn of the loop; on the loop.
    private final Map<Member, Parcel> leaving = new HashMap<>();
    private volatile @Nullable Above above;
    private volatile @Nullable JChannel channel;

    /** @param two whether there are two nodes, so that it matters whether the other one's process has ended */
    JGroupsEngine(Member self, String cluster, Channels channels, Executor loop, boolean two) {
        this.self = self;
        this.cluster = cluster;
        this.channels = channels;
        this.loop = loop;
        this.two = two;
    }

    @Override
    public void join(Above hears) {
        above = hears;
        try {
            JChannel made = channels.open();
            made.addAddressGenerator(() -> new UUID(self.node(), self.started()));
            made.setName("node-" + self.node());
            made.setReceiver(this);
            channel = made;
            made.connect(cluster);
        } catch (SecurityException e) {
            leave();
            throw new IllegalArgumentException(
                    "the other nodes refuse this one, and their log says what they have been told otherwise", e);
        } catch (Exception e) {
            leave();
            throw new IllegalArgumentException(
                    "this node cannot join the others: " + cause(e)
                            + " (proxy.cluster.bind, proxy.cluster.nodes, proxy.cluster.secret)",
                    e);
        }
    }

    private static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    @Override
    public void leave() {
        JChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void rejoin() {
        JChannel open = channel;
        if (open == null) {
            return;
        }
        // It waits for the others, which the loop must not.
        Thread thread = new Thread(
                () -> {
                    try {
                        open.disconnect();
                        open.connect(cluster);
                    } catch (Exception e) {
                        LOG.error("this node has left the others and cannot join them again; restart it", e);
                    }
                },
                "cluster-rejoin");
        thread.setDaemon(true);
        thread.start();
    }

    /** With whatever else the loop, until it has done what is due now, has for that member: a message costs much more than what is in it. */
    @Override
    public void send(Member to, byte[] octets) {
        if (leaving.isEmpty()) {
            loop.execute(this::sendAll);
        }
        leaving.computeIfAbsent(to, any -> new Parcel()).add(octets);
    }

    private void sendAll() {
        leaving.forEach((to, parcel) -> send(to, parcel));
        leaving.clear();
    }

    private void send(Member to, Parcel parcel) {
        JChannel open = channel;
        if (open == null) {
            return;
        }
        Message message = new BytesMessage(new UUID(to.node(), to.started()), parcel.octets())
                .setFlag(DirectDelivery.OURS)
                .setFlag(Message.TransientFlag.DONT_BLOCK);
        try {
            open.send(message);
        } catch (Exception e) {
            // It is sent again where it matters.
            LOG.debug("not sent to {}: {}", to, e.toString());
        }
    }

    @Override
    public void receive(Message message) {
        Member from = member(message.getSrc());
        if (from != null && message.hasArray()) {
            List<byte[]> all =
                    Parcel.read(ByteBuffer.wrap(message.getArray(), message.getOffset(), message.getLength()));
            onLoop(hears -> all.forEach(octets -> hears.received(from, octets)));
        }
    }

    @Override
    public void viewAccepted(org.jgroups.View view) {
        List<Member> members = new ArrayList<>();
        for (Address address : view.getMembers()) {
            Member member = member(address);
            if (member == null) {
                LOG.error("{} is in the cluster and no node of ours; its view is passed over", address);
                return;
            }
            members.add(member);
            notePlace(member, address);
        }
        Member creator = member(view.getViewId().getCreator());
        if (creator == null) {
            return;
        }
        View delivered = new View(view.getViewId().getId(), creator, members);
        onLoop(hears -> hears.viewDelivered(delivered));
        if (two && members.size() == 1) {
            places.forEach((other, place) -> {
                if (!members.contains(other)) {
                    lookAt(other, place);
                }
            });
        }
    }

    private void notePlace(Member member, Address address) {
        JChannel open = channel;
        if (two
                && open != null
                && !member.equals(self)
                && open.down(new Event(Event.GET_PHYSICAL_ADDRESS, address)) instanceof IpAddress place) {
            places.put(member, place);
        }
    }

    /** A process that has ended listens no more: whoever connects to it is refused, where nobody answers for a machine that is away. */
    private void lookAt(Member other, IpAddress place) {
        InetAddress host = place.getIpAddress();
        Thread thread = new Thread(
                () -> {
                    try (Socket socket = new Socket()) {
                        socket.connect(new InetSocketAddress(host, place.getPort()), CONNECT_MILLIS);
                    } catch (ConnectException e) {
                        onLoop(hears -> hears.ended(other.node()));
                    } catch (IOException e) {
                        LOG.debug("{} may run or not: {}", other, e.toString());
                    }
                },
                "cluster-look");
        thread.setDaemon(true);
        thread.start();
    }

    private void onLoop(java.util.function.Consumer<Above> task) {
        Above hears = above;
        if (hears != null && channel != null) {
            loop.execute(() -> task.accept(hears));
        }
    }

    private static @Nullable Member member(@Nullable Address address) {
        if (address instanceof UUID id
                && id.getMostSignificantBits() >= 1
                && id.getMostSignificantBits() <= MOST_NODES) {
            return new Member((int) id.getMostSignificantBits(), id.getLeastSignificantBits());
        }
        return null;
    }

    @Override
    public String toString() {
        return cluster;
    }
}
