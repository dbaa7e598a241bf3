// The dependencies, for JBang; with plain Java put the jars of Smack on the class path:
//DEPS org.igniterealtime.smack:smack-tcp:4.3.5
//DEPS org.igniterealtime.smack:smack-extensions:4.3.5
//DEPS org.igniterealtime.smack:smack-java7:4.3.5

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jivesoftware.smack.AbstractConnectionListener;
import org.jivesoftware.smack.ConnectionConfiguration.SecurityMode;
import org.jivesoftware.smack.SmackException.NotConnectedException;
import org.jivesoftware.smack.XMPPException.StreamErrorException;
import org.jivesoftware.smack.filter.StanzaTypeFilter;
import org.jivesoftware.smack.packet.Message;
import org.jivesoftware.smack.packet.Presence;
import org.jivesoftware.smack.packet.StandardExtensionElement;
import org.jivesoftware.smack.packet.StreamError;
import org.jivesoftware.smack.roster.Roster;
import org.jivesoftware.smack.sasl.SASLErrorException;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.jivesoftware.smackx.iqversion.packet.Version;
import org.jivesoftware.smackx.message_correct.element.MessageCorrectExtension;
import org.jivesoftware.smackx.ping.PingManager;
import org.jivesoftware.smackx.receipts.DeliveryReceiptManager;
import org.jivesoftware.smackx.receipts.DeliveryReceiptManager.AutoReceiptMode;
import org.jxmpp.jid.DomainBareJid;
import org.jxmpp.jid.EntityFullJid;
import org.jxmpp.jid.Jid;
import org.jxmpp.jid.impl.JidCreate;

/**
 * A chat service behind the proxy: has a conversation with each user, with Smack.
 *
 * <pre>XMPP_PASSWORD=... java -cp 'smack/*' ChatWorker.java worker@example.org/a proxy.example.org</pre>
 *
 * Start it as often as the load needs, each copy with another resource. {@code XMPP_SERVER=HOST:PORT} names the server
 * where DNS does not; {@code XMPP_TLS=off} is for a server on this machine.
 */
public class ChatWorker {
    /** So many conversations are remembered, and each until so long after its last word. */
    private static final int MOST_TALKS = 10_000;

    private static final long IDLE = TimeUnit.MINUTES.toNanos(30);

    /** To one user in a minute; so two programs that answer each other come to an end. */
    private static final int MOST_ANSWERS = 20;

    /** So often we tell the proxy that we are there, in seconds: it may have forgotten us. */
    private static final int REGISTER = 60;

    /** {@code <answer/>} of this namespace says in our answers what they are. */
    private static final String NAMESPACE = "urn:example:chat";

    /** What it remembers of a user. */
    private static final class Talk {
        /** The user's devices, by their addresses at the proxy host. */
        final Set<Jid> sessions = new HashSet<>();

        int messages;
        /** The ids of the last message and of what we said to it. */
        String asked;

        String answered;
        long heard = System.nanoTime();
        long minute = heard;
        /** Since that minute began. */
        int answers;
    }

    private final EntityFullJid address;
    private final DomainBareJid proxy;
    private final XMPPTCPConnection connection;
    private final BlockingQueue<Exception> ends = new LinkedBlockingQueue<>();
    // By account and address used; who was heard last is last. Smack calls the two listeners one after the other.
    private final Map<String, Talk> talks = new LinkedHashMap<>(16, 0.75f, true);
    /** The addresses of users that have our presence. */
    private final Set<Jid> shown = new HashSet<>();

    private ChatWorker(EntityFullJid address, DomainBareJid proxy) throws Exception {
        this.address = address;
        this.proxy = proxy;
        connection = new XMPPTCPConnection(configuration());
        // A session that is resumed later would swallow what was sent to it meanwhile.
        connection.setUseStreamManagement(false);
        // What Smack cannot read is left alone. By default it ends the connection, which any user could bring about.
        connection.setParsingExceptionCallback(unreadable -> {});
        connection.addSyncStanzaListener(stanza -> message((Message) stanza), StanzaTypeFilter.MESSAGE);
        connection.addSyncStanzaListener(stanza -> presence((Presence) stanza), StanzaTypeFilter.PRESENCE);
        // Receipts go to users of the proxy alone, so not by themselves.
        DeliveryReceiptManager.getInstanceFor(connection).setAutoReceiptMode(AutoReceiptMode.disabled);
        // A ping now and then, for a connection may die without a word.
        PingManager pings = PingManager.getInstanceFor(connection);
        pings.setPingInterval(60);
        pings.registerPingFailedListener(() -> ends.add(new Exception("no answer to a ping")));
        connection.addConnectionListener(new AbstractConnectionListener() {
            @Override
            public void connectionClosed() {
                ends.add(new Exception("it was closed"));
            }

            @Override
            public void connectionClosedOnError(Exception e) {
                ends.add(e);
            }
        });
    }

    public static void main(String[] args) throws Exception {
        Roster.setRosterLoadedAtLoginDefault(false); // it has no contacts
        new ChatWorker(JidCreate.entityFullFrom(args[0]), JidCreate.domainBareFrom(args[1])).stayConnected();
    }

    private XMPPTCPConnectionConfiguration configuration() throws Exception {
        XMPPTCPConnectionConfiguration.Builder builder = XMPPTCPConnectionConfiguration.builder()
                .setXmppDomain(address.asDomainBareJid())
                .setUsernameAndPassword(address.getLocalpart(), System.getenv("XMPP_PASSWORD"))
                .setResource(address.getResourcepart())
                // The proxy alone may see our presence (docs/messages.md says why).
                .setSendPresence(false);
        String server = System.getenv("XMPP_SERVER");
        if (server != null) {
            int colon = server.lastIndexOf(':');
            builder.setHost(server.substring(0, colon)).setPort(Integer.parseInt(server.substring(colon + 1)));
        }
        boolean tls = !"off".equals(System.getenv("XMPP_TLS"));
        return builder.setSecurityMode(tls ? SecurityMode.required : SecurityMode.disabled).build();
    }

    /** Connects and logs in, again and again until that works, and whenever the connection is lost. */
    private void stayConnected() throws InterruptedException {
        while (true) {
            try {
                ends.clear();
                synchronized (this) {
                    shown.clear();
                }
                connection.connect();
                connection.login();
                say("logged in as " + connection.getUser());
                Exception end = null;
                while (end == null) {
                    register();
                    end = ends.poll(REGISTER, TimeUnit.SECONDS);
                }
                throw end;
            } catch (SASLErrorException e) {
                say("the server refuses the password");
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                if (isConflict(e)) {
                    say("another program has logged in as " + address + "; give each its own resource");
                    System.exit(1);
                }
                say("no connection (" + e.getMessage() + "); trying again");
            }
            connection.disconnect();
            Thread.sleep(ThreadLocalRandom.current().nextLong(2000, 6000));
        }
    }

    private static boolean isConflict(Exception e) {
        return e instanceof StreamErrorException
                && ((StreamErrorException) e).getStreamError().getCondition() == StreamError.Condition.conflict;
    }

    private void register() throws NotConnectedException, InterruptedException {
        show(proxy);
    }

    private void show(Jid to) throws NotConnectedException, InterruptedException {
        Presence presence = new Presence(Presence.Type.available);
        presence.setTo(to);
        connection.sendStanza(presence);
    }

    /** Answers a message with a text in it; no errors, no news, no rooms, and no answers of programs of our kind. */
    private synchronized void message(Message message) throws NotConnectedException, InterruptedException {
        String user = user(message.getFrom());
        boolean answerable = message.getType() == Message.Type.chat || message.getType() == Message.Type.normal;
        if (user == null || !answerable || message.getBodies().isEmpty() || message.hasExtension("answer", NAMESPACE)) {
            return;
        }
        Talk talk = talk(user, message.getFrom());
        if (!mayAnswer(talk)) {
            return;
        }
        if (DeliveryReceiptManager.hasDeliveryReceiptRequest(message) && message.getStanzaId() != null) {
            connection.sendStanza(DeliveryReceiptManager.receiptMessageFor(message));
        }
        Message reply = new Message(message.getFrom(), message.getType());
        MessageCorrectExtension correction = MessageCorrectExtension.from(message);
        if (correction != null && correction.getIdInitialMessage().equals(talk.asked)) {
            reply.addExtension(new MessageCorrectExtension(talk.answered)); // our answer is corrected as well
        } else {
            talk.messages++;
            talk.asked = message.getStanzaId();
            talk.answered = reply.getStanzaId();
        }
        reply.setThread(message.getThread());
        reply.addExtension(StandardExtensionElement.builder("answer", NAMESPACE).build());
        String body = message.getBodies().iterator().next().getMessage();
        if (talk.answers == MOST_ANSWERS) {
            reply.setBody("That is enough for a minute. I am silent now.");
        } else if (body.equals("client?")) {
            askClient(reply, talk.messages);
            return;
        } else {
            reply.setBody(text(talk.messages, body));
        }
        connection.sendStanza(reply);
    }

    private String text(int number, String words) {
        return address.getResourcepart() + ", message " + number + ": "
                + words.substring(0, Math.min(500, words.length()));
    }

    /** Asks the user's program what it is (XEP-0092), at the address that wrote. Many do not tell strangers. */
    private void askClient(Message reply, int number) {
        connection
                .sendIqRequestAsync(new Version(reply.getTo()), 20_000)
                .onSuccess(answer ->
                        tellClient(reply, number, answer instanceof Version ? ((Version) answer).getName() : null))
                .onError(refusal -> tellClient(reply, number, null));
    }

    private void tellClient(Message reply, int number, String name) {
        String words = name == null ? "your client does not say what it is" : "you write with " + name;
        reply.setBody(text(number, words));
        try {
            connection.sendStanza(reply);
        } catch (NotConnectedException | InterruptedException e) {
            say("not sent: " + e.getMessage());
        }
    }

    private static boolean mayAnswer(Talk talk) {
        if (System.nanoTime() - talk.minute > TimeUnit.MINUTES.toNanos(1)) {
            talk.minute = System.nanoTime();
            talk.answers = 0;
        }
        talk.answers++;
        return talk.answers <= MOST_ANSWERS;
    }

    /** Users come and go; the proxy host asks whether we are there. */
    private synchronized void presence(Presence presence) throws NotConnectedException, InterruptedException {
        Jid who = presence.getFrom();
        String user = user(who);
        Presence.Type type = presence.getType();
        if (user != null && type == Presence.Type.available) {
            talk(user, who);
            // Once, else two that answer presence would never end.
            if (shown.add(who)) {
                show(who);
            }
        } else if (user != null && (type == Presence.Type.unavailable || type == Presence.Type.error)) {
            left(user, who);
        } else if (proxy.equals(who) && type == Presence.Type.error) {
            say(who + " does not take our presence (" + presence.getError() + "); trying again");
        } else if (proxy.equals(who)) {
            shown.clear(); // the proxy knows nothing more of the presences that it passed on
            if (type == Presence.Type.available) {
                register();
            }
        }
    }

    /** Whom an address at the proxy host stands for (docs/jat.md): account and address used; null: nobody. */
    private String user(Jid who) {
        if (who == null || who.getResourceOrNull() == null || !who.asBareJid().equals(proxy)) {
            return null;
        }
        String token = who.getResourceOrNull().toString();
        try {
            byte[] octets = Base64.getUrlDecoder().decode(token);
            if (octets[0] == 1) {
                int end = 3 + ((octets[1] & 255) << 8 | octets[2] & 255);
                String requester = new String(octets, 3, end - 3, StandardCharsets.UTF_8);
                int used = Math.max(0, octets.length - 16 - end);
                return account(requester) + " " + new String(octets, end, used, StandardCharsets.UTF_8);
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            // An address as it is (proxy.encoded-from=plain).
        }
        return account(token);
    }

    private static String account(String requester) {
        return requester.split("/", 2)[0].toLowerCase(Locale.ROOT);
    }

    /** What we remember of that user, of whom we hear from this address. */
    private Talk talk(String user, Jid who) {
        Talk talk = talks.computeIfAbsent(user, each -> new Talk());
        talk.heard = System.nanoTime();
        talk.sessions.add(who);
        Iterator<Talk> first = talks.values().iterator();
        for (Talk oldest = first.next();
                talks.size() > MOST_TALKS || talk.heard - oldest.heard > IDLE;
                oldest = first.next()) {
            first.remove();
        }
        return talk;
    }

    /** When no device of a user is left, we forget the user. */
    private void left(String user, Jid who) {
        shown.remove(who);
        Talk talk = talks.get(user);
        if (talk != null) {
            talk.sessions.remove(who);
            if (talk.sessions.isEmpty()) {
                talks.remove(user);
            }
        }
    }

    private static void say(String what) {
        System.err.println(what);
    }
}
