package org.clientproxy.proxy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/** The errors of ours that senders of messages must get, each of them once, for the reference model. */
final class ModelRefusals {
    private record Owed(Stanza about, String condition) {}

    private final List<Owed> owed = new ArrayList<>();

    /** Whether its sender is told what has become of it where it is not passed on. */
    static boolean isAnswered(Stanza message) {
        return !isError(message) && !"headline".equals(message.type());
    }

    static boolean isError(Stanza message) {
        return "error".equals(message.type());
    }

    /** The message is not passed on; where that is told, it is with this application condition. */
    void owe(Stanza about, String condition) {
        if (isAnswered(about)) {
            owed.add(new Owed(about, condition));
        }
    }

    /** The proxy sends an error of its own. Says what is wrong with it; null: nothing. */
    @Nullable
    String told(Stanza sent, String condition) {
        for (Owed each : owed) {
            Stanza about = each.about();
            boolean its = each.condition().equals(condition)
                    && Objects.equals(about.from(), sent.to())
                    && Objects.equals(about.to(), sent.from())
                    && Objects.equals(about.id(), sent.id());
            if (its) {
                owed.remove(each);
                return new String(sent.content(), StandardCharsets.UTF_8).contains("<body")
                        ? "an error that repeats the message: " + sent
                        : null;
            }
        }
        return "an error that nothing allows: " + sent + " " + condition + ", owed=" + owed;
    }

    /** A step is over: whatever had to show has; null if so. */
    @Nullable
    String owes() {
        return owed.isEmpty() ? null : "senders that were not told: " + owed;
    }
}
