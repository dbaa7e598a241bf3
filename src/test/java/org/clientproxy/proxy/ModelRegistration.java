package org.clientproxy.proxy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;

/** Registration by directed presence as it is specified, for the reference model ({@code proxy.subscribe=off}). */
final class ModelRegistration implements ModelWatch {
    private final ModelPool pool;
    private final Jid target;
    // Those who have registered and have not left.
    private final Set<String> known = new LinkedHashSet<>();
    // Those of them who have not shown up on this stream.
    private final Set<String> awaited = new HashSet<>();
    // Those who are asked with the next question.
    private final Set<String> doubted = new LinkedHashSet<>();
    // What must be said in this very step: the type, and to whom; and what was said before it was known why.
    private final List<String> due = new ArrayList<>();
    private final List<String> early = new ArrayList<>();

    ModelRegistration(ModelPool pool, Jid target) {
        this.pool = pool;
        this.target = target;
    }

    private void owe(String type, String to) {
        String what = type + " to " + to;
        if (!early.remove(what)) {
            due.add(what);
        }
    }

    @Override
    public void up() {
        owe("unsubscribe", target.key());
        owe("", target.key());
        known.forEach(each -> owe("", each));
        awaited.clear();
        awaited.addAll(known);
    }

    @Override
    public void down() {
        awaited.clear();
        doubted.clear();
    }

    @Override
    public boolean finds(String suspect) {
        doubted.add(suspect);
        return true;
    }

    @Override
    public void ask() {
        owe("", target.key());
        doubted.forEach(each -> owe("", each));
        doubted.clear();
    }

    @Override
    public void receive(String type, Jid from, ModelPresence says) {
        if (!from.isFull()) {
            // What the account decides of subscriptions is of no interest.
            return;
        }
        String key = from.key();
        switch (type) {
            case "" -> {
                pool.available(key, says);
                known.add(key);
                shown(key);
            }
            case "unavailable" -> {
                doubted.add(key);
                pool.unavailable(key);
                known.remove(key);
                shown(key);
            }
            case "error" -> {
                pool.leave(key, false);
                known.remove(key);
                shown(key);
            }
            case "probe" -> owe("", key);
            default -> {}
        }
    }

    /** It has said whether it is there. */
    private void shown(String key) {
        if (awaited.remove(key) && awaited.isEmpty()) {
            pool.confirm();
        }
    }

    @Override
    public void confirmTimeout() {
        known.removeAll(awaited);
        awaited.clear();
        pool.unconfirmedLeave();
        pool.confirm();
    }

    @Override
    public @Nullable String sent(String type, Jid to) {
        String what = type + " to " + to.key();
        if (!due.remove(what) && type.isEmpty()) {
            // A suspicion shows only after it has been asked about; those of one second have one question.
            early.add(what);
        } else if (!type.isEmpty() && !type.equals("unavailable") && !type.equals("unsubscribe")) {
            return "a presence of type " + type + " to " + to;
        }
        return null;
    }

    @Override
    public @Nullable String owes() {
        // The question about those that came under suspicion within a second comes at its end.
        boolean late = early.remove(" to " + target.key());
        early.removeIf(what -> late && doubted.remove(what.substring(" to ".length())));
        return due.isEmpty() && early.isEmpty()
                ? null
                : "presences of the proxy host that were not sent: " + due + ", or that nothing is the reason of: "
                        + early;
    }
}
