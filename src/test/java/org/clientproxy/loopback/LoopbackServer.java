package org.clientproxy.loopback;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;

/**
 * A small XMPP server for tests and the demo: accounts, sessions, presence subscriptions, IQs, messages and one component
 * ({@link SecondComponent} says whether it may have several connections), on the loopback interface only. It behaves as Prosody 0.12 does where servers differ, but passes payloads on untouched and
 * addresses as they were typed, as ejabberd does. Everything happens on one thread.
 */
public final class LoopbackServer implements XmppServer {
    /** Which way a stanza passes the component's link. */
    public enum Direction {
        TO_COMPONENT,
        FROM_COMPONENT
    }

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Map<String, String> accounts;
    private final String componentDomain;
    private volatile String componentSecret;
    private String host = "127.0.0.1";
    private final LoopbackRouter router;
    private final SplittableRandom random = new SplittableRandom();
    private final Set<LoopbackLink> links = new HashSet<>();
    private int clientPort;
    private int componentPort;
    private EventLoopGroup loop;
    // The components that are connected, the latest last.
    private final List<ComponentLink> components = new ArrayList<>();
    private volatile SecondComponent second = SecondComponent.REFUSED;
    private final ComponentFaults faults = new ComponentFaults();
    private volatile BiConsumer<Direction, Stanza> tap = (direction, stanza) -> {};

    /** @param accounts passwords by name */
    public LoopbackServer(Map<String, String> accounts, String componentDomain, String componentSecret) {
        this(accounts, componentDomain, componentSecret, 0, 0);
    }

    /** The same on given ports; 0: any free one. */
    public LoopbackServer(
            Map<String, String> accounts,
            String componentDomain,
            String componentSecret,
            int clientPort,
            int componentPort) {
        this.accounts = Map.copyOf(accounts);
        this.componentDomain = componentDomain;
        this.componentSecret = componentSecret;
        this.clientPort = clientPort;
        this.componentPort = componentPort;
        this.router = new LoopbackRouter(this);
    }

    @Override
    public void listenAt(String address) {
        host = address;
    }

    @Override
    public String domain() {
        return "localhost";
    }

    @Override
    public int clientPort() {
        return clientPort;
    }

    @Override
    public int componentPort() {
        return componentPort;
    }

    @Override
    public String componentDomain() {
        return componentDomain;
    }

    @Override
    public String componentSecret() {
        return componentSecret;
    }

    @Override
    public void start() throws Exception {
        if (loop != null) {
            throw new IllegalStateException("the loopback server is running");
        }
        loop = new NioEventLoopGroup(1);
        try {
            clientPort = listen(clientPort, ClientLink::new);
            componentPort = listen(componentPort, ComponentLink::new);
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    @Override
    public void kill() throws InterruptedException {
        if (loop == null) {
            return;
        }
        run(() -> {
            // First, so that the end of one connection tells the others nothing.
            components.clear();
            router.forgetSessions();
            List.copyOf(links).forEach(LoopbackLink::cut);
        });
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).await();
        loop = null;
        links.clear();
    }

    @Override
    public void close() {
        try {
            kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** From now on a component must know this secret. */
    public void changeSecret(String secret) {
        componentSecret = secret;
    }

    /** From now on this becomes of a further connection of the component's domain; until told, it is refused. */
    public void secondComponent(SecondComponent treatment) {
        second = treatment;
    }

    /** How many connections the component's domain has. */
    public int componentConnections() {
        AtomicInteger count = new AtomicInteger();
        run(() -> count.set(components.size()));
        return count.get();
    }

    /** Shows each stanza that passes the component's link, on the server's thread. */
    public void tap(BiConsumer<Direction, Stanza> observer) {
        tap = observer;
    }

    /**
     * Puts a contact into the roster of an account: one that sees when a session of it comes and goes. An operator does the same by
     * the command that README has for real servers.
     *
     * @param account its name, without the domain
     */
    public void addContact(String account, String contact) {
        run(() -> router.addWatcher(Jid.parse(account + "@" + domain()), Jid.parse(contact)));
    }

    /** Returns when a component is connected. */
    public void awaitComponent() throws InterruptedException {
        await("component " + componentDomain, () -> !components.isEmpty());
    }

    /** Returns when a session has logged in and sent its presence, which is on its way to the contacts then. */
    public void awaitSession(String fullAddress) throws InterruptedException {
        Jid jid = Jid.parse(fullAddress);
        await("session " + fullAddress, () -> router.available(jid).stream()
                .anyMatch(session -> jid.equals(session.jid())));
    }

    private void await(String what, BooleanSupplier there) throws InterruptedException {
        long until = System.nanoTime() + LIMIT.toNanos();
        while (!ask(there)) {
            if (System.nanoTime() - until > 0) {
                throw new AssertionError("no " + what + " within " + LIMIT);
            }
            Thread.sleep(5);
        }
    }

    private boolean ask(BooleanSupplier question) {
        AtomicBoolean answer = new AtomicBoolean();
        run(() -> answer.set(question.getAsBoolean()));
        return answer.get();
    }

    /** What goes wrong for components. */
    public ComponentFaults faults() {
        return faults;
    }

    /** Ends the component's connection, the latest of several: with a stream error of this condition, or, where it is null, without a word. */
    public void dropComponent(String condition) {
        run(() -> {
            if (condition == null) {
                connected().cut();
            } else {
                connected().streamError(condition);
            }
        });
    }

    /** Ends the component's stream as a server does that has nothing to complain of. */
    public void endComponentStream() {
        run(() -> connected().endStream());
    }

    /** Writes this to the component, whatever it is. */
    public void inject(String xml) {
        run(() -> connected().write(xml));
    }

    private ComponentLink connected() {
        if (components.isEmpty()) {
            throw new IllegalStateException("no component is connected");
        }
        return components.get(components.size() - 1);
    }

    String password(String user) {
        return accounts.get(user);
    }

    boolean hasAccount(Jid jid) {
        return domain().equalsIgnoreCase(jid.domain()) && jid.local() != null && accounts.containsKey(jid.local());
    }

    void opened(LoopbackLink link) {
        links.add(link);
    }

    void closed(LoopbackLink link) {
        links.remove(link);
    }

    boolean join(ComponentLink link) {
        if (!components.isEmpty() && second == SecondComponent.REFUSED) {
            return false;
        }
        if (second == SecondComponent.KICKS_THE_OLD) {
            List.copyOf(components).forEach(old -> old.streamError("conflict"));
        }
        components.add(link);
        return true;
    }

    void leave(ComponentLink link) {
        components.remove(link);
    }

    void join(ClientLink link) {
        router.join(link);
    }

    void leave(ClientLink link) {
        router.leave(link);
    }

    void fromClient(ClientLink link, Stanza stanza) {
        router.fromClient(link, stanza);
    }

    void fromComponent(Stanza stanza) {
        tap.accept(Direction.FROM_COMPONENT, stanza);
        router.route(stanza);
    }

    /** Hands a stanza to the component; false where there is none. */
    boolean toComponent(Stanza stanza) {
        if (components.isEmpty()) {
            return false;
        }
        if (stanza.kind() == Stanza.Kind.PRESENCE && faults.losesPresenceOf(stanza.from())) {
            return true;
        }
        tap.accept(Direction.TO_COMPONENT, stanza);
        components.get(random.nextInt(components.size())).write(stanza);
        return true;
    }

    private int listen(int port, Function<LoopbackServer, LoopbackLink> link) throws InterruptedException {
        Channel channel = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        accepted.pipeline().addLast(link.apply(LoopbackServer.this));
                    }
                })
                .bind(host, port)
                .sync()
                .channel();
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    private void run(Runnable task) {
        try {
            loop.submit(task).get(5, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause().getMessage(), e);
        } catch (InterruptedException | TimeoutException e) {
            throw new IllegalStateException("the loopback server does not answer", e);
        }
    }
}
