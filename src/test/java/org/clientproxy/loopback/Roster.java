package org.clientproxy.loopback;

import java.util.LinkedHashMap;
import java.util.Map;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.XmlText;

/** The contacts of one account, and who waits to become one (RFC 6121 §2, appendix A). It outlives the server's restarts. */
final class Roster {
    /** One contact; the flags are its subscription states. */
    static final class Contact {
        private final Jid jid;
        private String name = "";
        private String groups = "";

        /** The contact sees the account's presence. */
        boolean from;

        /** The account sees the contact's presence. */
        boolean to;

        /** The account has asked to see it. */
        boolean ask;

        Contact(Jid jid) {
            this.jid = jid;
        }

        Jid jid() {
            return jid;
        }

        /** @param newGroups {@code <group/>} elements */
        void describe(String newName, String newGroups) {
            name = newName;
            groups = newGroups;
        }

        String item() {
            StringBuilder item = new StringBuilder("<item jid='");
            XmlText.escape(jid.toString(), item);
            if (!name.isEmpty()) {
                item.append("' name='");
                XmlText.escape(name, item);
            }
            String subscription = from ? to ? "both" : "from" : to ? "to" : "none";
            item.append("' subscription='").append(subscription);
            return item.append(ask ? "' ask='subscribe'>" : "'>")
                    .append(groups)
                    .append("</item>")
                    .toString();
        }
    }

    private final Map<String, Contact> contacts = new LinkedHashMap<>();
    private final Map<String, Stanza> pending = new LinkedHashMap<>();

    /** All contacts, by their addresses' keys. */
    Map<String, Contact> contacts() {
        return contacts;
    }

    /** Subscription requests that wait for an answer, by the keys of the addresses that they came from. */
    Map<String, Stanza> pending() {
        return pending;
    }

    /** The contact with this address, made where there is none. */
    Contact contact(Jid jid) {
        return contacts.computeIfAbsent(jid.bare().key(), key -> new Contact(jid.bare()));
    }

    /** Whether this address may see the account's presence. */
    boolean isWatcher(Jid jid) {
        Contact contact = contacts.get(jid.bare().key());
        return contact != null && contact.from;
    }
}
