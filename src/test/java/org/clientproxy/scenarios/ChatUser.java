package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.clientproxy.loopback.XmppServer;
import org.jivesoftware.smack.ConnectionConfiguration.SecurityMode;
import org.jivesoftware.smack.filter.StanzaTypeFilter;
import org.jivesoftware.smack.packet.Message;
import org.jivesoftware.smack.packet.Presence;
import org.jivesoftware.smack.roster.Roster;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.jivesoftware.smackx.iqversion.VersionManager;
import org.jivesoftware.smackx.message_correct.element.MessageCorrectExtension;
import org.jivesoftware.smackx.receipts.DeliveryReceipt;
import org.jivesoftware.smackx.receipts.DeliveryReceiptManager;
import org.jxmpp.jid.Jid;
import org.jxmpp.jid.impl.JidCreate;
import org.jxmpp.jid.parts.Resourcepart;

/** A person with a client of Smack, who chats with one address of the proxy host and lets it know that the client is there. */
final class ChatUser implements AutoCloseable {
    private static final int LIMIT = 30;

    private final XMPPTCPConnection connection;
    private final Jid service;
    private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    private final BlockingQueue<Presence> presences = new LinkedBlockingQueue<>();
    private String last;

    private ChatUser(XMPPTCPConnection connection, Jid service) {
        this.connection = connection;
        this.service = service;
    }

    static ChatUser login(XmppServer server, String user, String resource, String service) throws Exception {
        XMPPTCPConnection connection = new XMPPTCPConnection(XMPPTCPConnectionConfiguration.builder()
                .setHost("127.0.0.1")
                .setPort(server.clientPort())
                .setXmppDomain(server.domain())
                .setUsernameAndPassword(user, "pw")
                .setResource(Resourcepart.from(resource))
                .setSecurityMode(SecurityMode.disabled)
                .setSendPresence(false)
                .build());
        Roster.getInstanceFor(connection).setRosterLoadedAtLogin(false);
        ChatUser made = new ChatUser(connection, JidCreate.from(service));
        connection.addSyncStanzaListener(stanza -> made.messages.add((Message) stanza), StanzaTypeFilter.MESSAGE);
        connection.addSyncStanzaListener(stanza -> made.presences.add((Presence) stanza), StanzaTypeFilter.PRESENCE);
        connection.connect().login();
        Presence presence = new Presence(Presence.Type.available);
        presence.setTo(made.service);
        connection.sendStanza(presence);
        return made;
    }

    /** What it says when somebody asks what it is. */
    void isCalled(String name) {
        VersionManager.getInstanceFor(connection).setVersion(name, "1");
    }

    /** Says this, and has the answer and, before it, the receipt. */
    Message say(String text) throws Exception {
        Message message = message(text);
        last = message.getStanzaId();
        return answer(message);
    }

    /** Corrects what was said last, and has the answer's correction. */
    Message correct(String text) throws Exception {
        Message message = message(text);
        message.addExtension(new MessageCorrectExtension(last));
        return answer(message);
    }

    private Message message(String text) {
        Message message = new Message(service, Message.Type.chat);
        message.setBody(text);
        DeliveryReceiptManager.addDeliveryReceiptRequest(message);
        return message;
    }

    private Message answer(Message message) throws Exception {
        connection.sendStanza(message);
        Message receipt = next("a receipt of " + message.getBody());
        assertThat(DeliveryReceipt.from(receipt)).as("%s", receipt.toXML(null)).isNotNull();
        assertThat(DeliveryReceipt.from(receipt).getId()).isEqualTo(message.getStanzaId());
        return next("an answer to " + message.getBody());
    }

    private Message next(String what) throws InterruptedException {
        Message next = messages.poll(LIMIT, TimeUnit.SECONDS);
        assertThat(next).as(what).isNotNull();
        assertThat((Object) next.getFrom()).isEqualTo(service);
        return next;
    }

    /** The next presence of the service. */
    Presence.Type awaitPresence() throws InterruptedException {
        Presence next = presences.poll(LIMIT, TimeUnit.SECONDS);
        assertThat(next).as("a presence").isNotNull();
        assertThat((Object) next.getFrom()).isEqualTo(service);
        return next.getType();
    }

    /** Ends the connection without a word. */
    void cut() {
        connection.instantShutdown();
    }

    /** Logs out. */
    @Override
    public void close() {
        connection.disconnect();
    }
}
