package org.clientproxy.proxy.features;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import org.clientproxy.proxy.ProxyFixture;
import org.clientproxy.proxy.caps.VerificationString;
import org.clientproxy.proxy.pool.AnnouncedFeatures;
import org.clientproxy.proxy.pool.PoolListener;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.pool.ResourcePool;
import org.clientproxy.proxy.pool.TargetPresence;
import org.clientproxy.proxy.pool.TargetSubscription;
import org.clientproxy.proxy.settings.SelectionPolicy;
import org.clientproxy.proxy.stats.FeatureCounters;
import org.clientproxy.proxy.stats.ProxyCounters;
import org.clientproxy.stream.SimulatedLoop;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;

/** A pool of which the features are learnt, on a simulated clock. The test plays the sessions, by their resourceparts. */
final class LearningFixture implements PoolListener {
    static final String INFO = "http://jabber.org/protocol/disco#info";
    private static final String TARGET = "worker@some.example";

    /** A question that was asked. */
    record Asked(Jid to, String child, Duration limit, Consumer<Stanza> heard) {
        String resource() {
            return to.resource();
        }

        /** The session answers with this in the query. */
        void answer(String content) {
            heard.accept(result(content));
        }

        static Stanza result(String content) {
            return StanzaXml.parse(
                    "<iq type='result' id='1' from='worker@some.example/a' to='proxy.example'><query xmlns='" + INFO
                            + "'>" + content + "</query></iq>");
        }

        void fail() {
            heard.accept(StanzaXml.parse("<iq type='error' id='1' from='worker@some.example/a' to='proxy.example'>"
                    + "<error type='cancel'/></iq>"));
        }

        void silence() {
            heard.accept(null);
        }
    }

    final SimulatedLoop loop = new SimulatedLoop();
    final List<Asked> asked = new ArrayList<>();
    final FeatureCounters counters = new ProxyCounters().features();
    final ResourcePool pool = new ResourcePool(SelectionPolicy.RANDOM, new Random(1));
    private final TargetSubscription subscription;
    int learnt;

    LearningFixture() {
        pool.featuresFrom(new LearntFeatures(
                loop,
                (to, child, limit, heard) -> asked.add(new Asked(to, child, limit, heard)),
                counters,
                () -> learnt++));
        subscription =
                new TargetSubscription(ProxyFixture.settings(Path.of("none")), loop, pool, this, (type, to) -> {});
        subscription.streamReady();
        receive("<presence type='subscribed' from='" + TARGET + "' to='proxy.example'/>");
    }

    @Override
    public void resourceLeft(PooledResource resource, boolean settle) {
        // Nothing is pending.
    }

    @Override
    public void poolConfirmed() {
        // Nobody waits.
    }

    private void receive(String presence) {
        subscription.receive(TargetPresence.of(StanzaXml.parse(presence)));
    }

    /** Its presence comes, with this in it. */
    void comes(String resource, String content) {
        receive("<presence from='" + TARGET + '/' + resource + "' to='proxy.example'>" + content + "</presence>");
    }

    void leaves(String resource) {
        receive("<presence type='unavailable' from='" + TARGET + '/' + resource + "' to='proxy.example'/>");
    }

    void streamBreaksAndReturns() {
        subscription.streamDown();
        subscription.streamReady();
    }

    AnnouncedFeatures of(String resource) {
        return Objects.requireNonNull(pool.find(Jid.parse(TARGET + '/' + resource)))
                .features();
    }

    /** The only question since the last look. */
    Asked onlyAsked() {
        if (asked.size() != 1) {
            throw new AssertionError("asked: " + asked);
        }
        return asked.remove(0);
    }

    static String caps(String hash, String ver) {
        return "<c xmlns='http://jabber.org/protocol/caps' hash='" + hash + "' node='urn:n' ver='" + ver + "'/>";
    }

    /** A client that has these features. */
    static String info(String... features) {
        StringBuilder info = new StringBuilder("<identity category='client' type='bot'/>");
        for (String feature : features) {
            info.append("<feature var='").append(feature).append("'/>");
        }
        return info.toString();
    }

    /** The hash that stands for this. */
    static String ver(String info) throws Exception {
        return CapsHashTest.hash(
                "SHA-1",
                VerificationString.of(DiscoReader.read(Asked.result(info))).toString());
    }
}
