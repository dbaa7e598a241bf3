package org.clientproxy.proxy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;

/** The pool and the subscription as DESIGN 3.4 has them, for the reference model. */
final class ModelPool {
    /** Hears of what concerns the pending requests. */
    interface Listener {
        void left(String resource, boolean settle);

        void returned(String resource);

        void confirmed();
    }

    /** Whether it can be chosen, by folded address. */
    private final Map<String, Boolean> resources = new LinkedHashMap<>();

    private final Listener listener;
    private boolean ready;
    private boolean subscribed;
    private boolean outstanding;
    private boolean mustProbe;
    private boolean confirmed;

    ModelPool(Listener listener) {
        this.listener = listener;
    }

    boolean isReady() {
        return ready;
    }

    boolean isConfirmed() {
        return confirmed;
    }

    boolean contains(String resource) {
        return resources.containsKey(resource);
    }

    boolean isChoosable(String resource) {
        return resources.getOrDefault(resource, false);
    }

    List<String> choosable() {
        List<String> choosable = new ArrayList<>(resources.keySet());
        choosable.removeIf(resource -> !isChoosable(resource));
        return choosable;
    }

    void up() {
        ready = true;
        subscribed = false;
    }

    void down() {
        ready = false;
        outstanding = false;
        confirmed = false;
        resources.replaceAll((resource, choosable) -> false);
    }

    /** The proxy has said that it is unavailable. */
    void stop() {
        ready = false;
    }

    /** The confirm-timeout is over. */
    void confirmTimeout() {
        for (String resource : List.copyOf(resources.keySet())) {
            if (!isChoosable(resource)) {
                leave(resource, true);
            }
        }
        confirm();
    }

    void receive(String type, Jid from, @Nullable String id) {
        boolean own = "error".equals(type) && "available".equals(id);
        if (!ready || own) {
            return;
        }
        String key = from.key();
        switch (type) {
            case "" -> {
                if (from.isFull()) {
                    resources.put(key, true);
                    listener.returned(key);
                    answered();
                }
            }
            case "unavailable" -> {
                if (from.isFull()) {
                    leave(key, true);
                } else if (subscribed) {
                    leaveAll(true);
                    answered();
                }
            }
            case "error" -> {
                if (from.isFull()) {
                    leave(key, false);
                } else {
                    leaveAll(false);
                    subscribed = false;
                    outstanding = false;
                }
            }
            case "unsubscribed" -> {
                leaveAll(false);
                subscribed = false;
                outstanding = false;
            }
            case "subscribed" -> {
                if (outstanding) {
                    subscribed = true;
                    outstanding = false;
                    mustProbe = true;
                }
            }
            default -> {}
        }
    }

    /** A presence goes to the target; null where it may. */
    @Nullable
    String sent(String type) {
        switch (type) {
            case "subscribe" -> {
                outstanding = true;
                return ready ? null : "a subscribe without a stream";
            }
            case "probe" -> {
                mustProbe = false;
                return ready && subscribed ? null : "a probe without a subscription";
            }
            case "", "subscribed", "unavailable" -> {
                return null;
            }
            default -> {
                return "a presence of type " + type;
            }
        }
    }

    /** What is still owed when a step is over; null: nothing. */
    @Nullable
    String owes() {
        return mustProbe ? "no probe after subscribed" : null;
    }

    private void answered() {
        if (subscribed) {
            confirm();
        }
    }

    private void confirm() {
        if (!confirmed) {
            confirmed = true;
            listener.confirmed();
        }
    }

    private void leaveAll(boolean settle) {
        List.copyOf(resources.keySet()).forEach(resource -> leave(resource, settle));
    }

    private void leave(String resource, boolean settle) {
        if (resources.remove(resource) != null) {
            listener.left(resource, settle);
        }
    }
}
