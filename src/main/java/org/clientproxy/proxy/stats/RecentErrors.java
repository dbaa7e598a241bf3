package org.clientproxy.proxy.stats;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.jspecify.annotations.Nullable;

/** The last {@value #KEPT} errors, for a console. Used on the loop only. */
public final class RecentErrors {
    static final int KEPT = 50;

    /** Larger stanzas are not kept for their condition. */
    private static final int LARGEST = 4096;

    private record Kept(Instant time, String about, Supplier<String> what) {}

    private final Supplier<Instant> clock;
    private final Deque<Kept> kept = new ArrayDeque<>(KEPT);

    public RecentErrors(Supplier<Instant> clock) {
        this.clock = clock;
    }

    /** The stream went down, or could not be opened. */
    public void stream(String reason) {
        add("stream", () -> reason);
    }

    /** An edit of the route files was not taken. */
    public void routes(String reason) {
        add("routes", () -> reason);
    }

    /** An edit of the configuration was not taken. */
    public void configuration(String reason) {
        add("configuration", () -> reason);
    }

    /**
     * A request was answered with this error. Its condition is read when somebody looks.
     *
     * @param asked the resource that was asked last, or null
     */
    public void answered(Jid requester, @Nullable Jid asked, Stanza answer, boolean ours) {
        String about = requester + (asked == null ? "" : " at " + asked);
        String who = ours ? "answered by the proxy: " : "answered by the resource: ";
        if (answer.octets() > LARGEST) {
            add(about, () -> who + "an error of more than " + LARGEST + " octets");
        } else {
            add(about, () -> who + words(answer));
        }
    }

    private void add(String about, Supplier<String> what) {
        if (kept.size() == KEPT) {
            kept.removeFirst();
        }
        kept.addLast(new Kept(clock.get(), about, what));
    }

    /** The newest first. */
    public List<RecentError> list() {
        List<RecentError> list = new ArrayList<>();
        kept.descendingIterator()
                .forEachRemaining(each -> list.add(
                        new RecentError(each.time(), each.about(), each.what().get())));
        return list;
    }

    private static String words(Stanza answer) {
        StanzaError error = StanzaXml.errorOf(answer);
        if (error == null) {
            return "an error without a condition";
        }
        return error.condition().xmlName() + (error.text() == null ? "" : ". " + error.text());
    }
}
