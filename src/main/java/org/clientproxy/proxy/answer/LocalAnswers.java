package org.clientproxy.proxy.answer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.clientproxy.proxy.pool.Caps;
import org.clientproxy.proxy.pool.ResourcePool;
import org.clientproxy.proxy.settings.Adjustable;
import org.clientproxy.proxy.settings.AnswerKeys;
import org.clientproxy.proxy.settings.FeatureUse;
import org.clientproxy.proxy.settings.PresenceUse;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.ServiceIdentity;
import org.clientproxy.proxy.settings.WorkerKeys;
import org.clientproxy.stream.StreamListener;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Namespaces;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.XmlText;
import org.jspecify.annotations.Nullable;

/** Makes the answers to the questions that the proxy host answers itself. Used on the loop only. */
public final class LocalAnswers implements Adjustable, StreamListener {
    /** So many features are named at most, as in an answer of a resource that is believed. */
    private static final int MOST_FEATURES = 1000;

    /** So many octets those of resources take at most, with what stands around each of them. */
    private static final int MOST_OCTETS = 60 << 10;

    /** What an answer has besides its start tag and the features of resources, with the longest identity. */
    private static final int REST = 2048;

    /** So many of those that were announced last may still be asked for: whoever asks may have read an earlier presence. */
    private static final int ANNOUNCED = 8;

    private static final String PROGRAM = "Camel Client Proxy";

    private final StreamLoop loop;
    private final LocalQuestions questions;
    private final CommonFeatures features;
    private final int maxStanzaSize;
    private final boolean announces;
    private final Map<String, HostDescription> announced = new LinkedHashMap<>();
    private ServiceIdentity identity;
    private long readySince;
    // What was computed last, and of what.
    private @Nullable HostDescription described;
    private List<Object> of = List.of();

    public LocalAnswers(ProxySettings settings, StreamLoop loop, ResourcePool pool, LocalQuestions questions) {
        this.loop = loop;
        this.questions = questions;
        this.features = new CommonFeatures(pool, settings.get(WorkerKeys.FEATURES) != FeatureUse.OFF);
        this.maxStanzaSize = settings.stream().maxStanzaSize();
        this.announces = settings.uses(PresenceUse.SERVICE);
        this.identity = settings.get(AnswerKeys.IDENTITY);
        this.readySince = loop.nanoTime();
        questions.ownNodes(announced::containsKey);
    }

    @Override
    public void adjust(ProxySettings now) {
        questions.adjust(now);
        identity = now.get(AnswerKeys.IDENTITY);
    }

    @Override
    public void onState(StreamState before, StreamState now, @Nullable String reason) {
        if (now == StreamState.READY) {
            readySince = loop.nanoTime();
        }
    }

    /** The result; it has room in a stanza, unless the id and the addresses leave none. */
    public Stanza answer(LocalQuestion question, Stanza request) {
        return request.result(
                switch (question) {
                    case PING -> "";
                    case VERSION -> version();
                    case LAST ->
                        "<query xmlns='" + Namespaces.LAST + "' seconds='"
                                + Duration.ofNanos(loop.nanoTime() - readySince).toSeconds() + "'/>";
                    case INFO -> info(request);
                    case ITEMS -> "<query xmlns='" + Namespaces.DISCO_ITEMS + "'/>";
                });
    }

    private String version() {
        StringBuilder query = new StringBuilder("<query xmlns='" + Namespaces.VERSION + "'><name>");
        XmlText.escape(identity.name().isEmpty() ? PROGRAM : identity.name(), query);
        query.append("</name><version>");
        XmlText.escape(programVersion(), query);
        return query.append("</version></query>").toString();
    }

    /** As the jar says it. */
    private static String programVersion() {
        return Objects.requireNonNullElse(LocalAnswers.class.getPackage().getImplementationVersion(), "unknown");
    }

    private String info(Stanza request) {
        String node = questions.node(request);
        HostDescription known = announced.get(node);
        if (known != null) {
            StringBuilder query = new StringBuilder("<query xmlns='" + Namespaces.DISCO_INFO + "' node=");
            XmlText.attribute(node, query);
            return query.append('>').append(known.xml()).append("</query>").toString();
        }
        int room = maxStanzaSize - request.result("").octets() - REST;
        HostDescription now = room < announcedRoom() ? describe(room) : describe();
        return "<query xmlns='" + Namespaces.DISCO_INFO + "'>" + now.xml() + "</query>";
    }

    /**
     * The hash that stands for what the proxy host answers to {@code disco#info} now, which may be asked for by it from now on
     * (XEP-0115 §6.2); null where it does not answer that, or the answer has none.
     */
    public @Nullable Caps caps() {
        if (!questions.namespaces().contains(Namespaces.DISCO_INFO)) {
            return null;
        }
        HostDescription now = describe();
        Caps caps = now.caps();
        if (caps != null && announced.putIfAbsent(caps.query(), now) == null && announced.size() > ANNOUNCED) {
            announced.remove(announced.keySet().iterator().next());
        }
        return caps;
    }

    /** In octets; the longest addresses and ids that are usual have room beside it. */
    private int announcedRoom() {
        return Math.min(MOST_OCTETS, maxStanzaSize / 2);
    }

    /** Computed anew only where something of it is another. */
    private HostDescription describe() {
        List<Object> now = List.of(identity, questions.namespaces(), features.now());
        if (described == null || !now.equals(of)) {
            described = describe(announcedRoom());
            of = now;
        }
        return described;
    }

    /** @param room how many octets the features of resources may take */
    private HostDescription describe(int room) {
        Set<String> named = new LinkedHashSet<>(questions.namespaces());
        if (announces) {
            named.add(Namespaces.CAPS);
        }
        int left = room;
        for (String feature : features.now()) {
            if (feature.isEmpty() || named.contains(feature)) {
                continue;
            }
            left -= HostDescription.element(feature).getBytes(StandardCharsets.UTF_8).length;
            if (left < 0 || named.size() == MOST_FEATURES) {
                break;
            }
            named.add(feature);
        }
        return HostDescription.of(identity, named);
    }
}
