package org.clientproxy.proxy.answer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.clientproxy.proxy.pool.ResourcePool;
import org.clientproxy.proxy.settings.Adjustable;
import org.clientproxy.proxy.settings.AnswerKeys;
import org.clientproxy.proxy.settings.FeatureUse;
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

    private static final String PROGRAM = "Camel Client Proxy";

    private final StreamLoop loop;
    private final LocalQuestions questions;
    private final CommonFeatures features;
    private final int maxStanzaSize;
    private ServiceIdentity identity;
    private long readySince;

    public LocalAnswers(ProxySettings settings, StreamLoop loop, ResourcePool pool, LocalQuestions questions) {
        this.loop = loop;
        this.questions = questions;
        this.features = new CommonFeatures(pool, settings.get(WorkerKeys.FEATURES) != FeatureUse.OFF);
        this.maxStanzaSize = settings.stream().maxStanzaSize();
        this.identity = settings.get(AnswerKeys.IDENTITY);
        this.readySince = loop.nanoTime();
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
        StringBuilder query = new StringBuilder("<query xmlns='" + Namespaces.DISCO_INFO + "'><identity category=");
        XmlText.attribute(identity.category(), query);
        XmlText.attribute(identity.type(), query.append(" type="));
        if (!identity.name().isEmpty()) {
            XmlText.attribute(identity.name(), query.append(" name="));
        }
        query.append("/>");
        Set<String> answeredHere = questions.namespaces();
        answeredHere.forEach(each -> query.append(element(each)));
        int room = Math.min(MOST_OCTETS, maxStanzaSize - request.result("").octets() - REST);
        int named = answeredHere.size();
        for (String feature : features.now()) {
            if (feature.isEmpty() || answeredHere.contains(feature)) {
                continue;
            }
            String element = element(feature);
            room -= element.getBytes(StandardCharsets.UTF_8).length;
            if (room < 0 || named++ == MOST_FEATURES) {
                break;
            }
            query.append(element);
        }
        return query.append("</query>").toString();
    }

    private static String element(String feature) {
        StringBuilder element = new StringBuilder("<feature var=");
        XmlText.attribute(feature, element);
        return element.append("/>").toString();
    }
}
