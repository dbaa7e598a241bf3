package org.clientproxy.component;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.AsyncProducer;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Route;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.impl.health.DefaultHealthCheckRegistry;
import org.apache.camel.support.AsyncProcessorSupport;
import org.apache.camel.support.RoutePolicySupport;
import org.awaitility.Awaitility;
import org.clientproxy.scenarios.CapturedLog;
import org.clientproxy.stream.SimulatedLoop;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who holds a stream from when to when: starts and stops that interleave on purpose with stanzas and with each other. */
class StreamUseTest {
    private static final String URI = "xmpp-component:service.example?secret=s";
    private static final Stanza REQUEST = StanzaXml.parse(
            "<iq type='get' id='1' from='alice@some.example/home' to='service.example'><q xmlns='urn:q'/></iq>");

    private static final Stanza QUESTION = StanzaXml.parse(
            "<iq type='get' id='q' from='service.example' to='w@some.example/a'><ping xmlns='urn:xmpp:ping'/></iq>");

    private final SimulatedLoop loop = new SimulatedLoop();
    private final List<FakeStream> streams = new CopyOnWriteArrayList<>();
    private final DefaultCamelContext context = new DefaultCamelContext();

    @BeforeEach
    void prepare() {
        XmppComponent component = new XmppComponent();
        component.setStreamFactory(settings -> {
            FakeStream stream = new FakeStream(settings, loop);
            streams.add(stream);
            return stream;
        });
        context.addComponent("xmpp-component", component);
        context.getShutdownStrategy().setTimeout(2);
    }

    @AfterEach
    void stop() throws Exception {
        streams.forEach(stream -> stream.closed.complete(null));
        turning(() -> {
            context.stop();
            return null;
        });
    }

    /** Does this on another thread, while the loop runs. */
    private <T> T turning(Callable<T> task) throws Exception {
        CompletableFuture<T> done = new CompletableFuture<>();
        new Thread(
                        () -> {
                            try {
                                done.complete(task.call());
                            } catch (Throwable e) {
                                done.completeExceptionally(e);
                            }
                        },
                        "operator")
                .start();
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
            loop.runDue();
            return done.isDone();
        });
        return done.get();
    }

    private void stopRoute(String id) throws Exception {
        turning(() -> {
            context.getRouteController().stopRoute(id);
            return null;
        });
    }

    private void run(RouteBuilder routes) throws Exception {
        context.addRoutes(routes);
        context.start();
    }

    /** A consumer whose route keeps each exchange until the test ends it. */
    private final class Kept extends RouteBuilder {
        final AtomicReference<AsyncCallback> callback = new AtomicReference<>();

        @Override
        public void configure() {
            AsyncProcessor keep = new AsyncProcessorSupport() {
                @Override
                public boolean process(Exchange exchange, AsyncCallback done) {
                    exchange.getMessage().setBody("<r xmlns='urn:r'/>");
                    callback.set(done);
                    return false;
                }
            };
            from(URI).routeId("consumer").process(keep);
        }

        void end() {
            callback.get().done(false);
            loop.runDue();
        }
    }

    private List<Stanza> answers() {
        return streams.stream()
                .flatMap(stream -> stream.sent.stream())
                .filter(Stanza::isReply)
                .toList();
    }

    @Test
    void aStreamConnectsWhenTheLastRouteIsStarted() throws Exception {
        List<Integer> startsBeforeTheLast = new ArrayList<>();
        run(new RouteBuilder() {
            @Override
            public void configure() {
                from(URI).routeId("consumer").startupOrder(1).to("direct:last");
                from("direct:last").startupOrder(2).setBody(constant("")).routePolicy(new RoutePolicySupport() {
                    @Override
                    public void onStart(Route route) {
                        startsBeforeTheLast.add(streams.get(0).starts);
                    }
                });
            }
        });
        assertThat(startsBeforeTheLast).containsExactly(0);
        assertThat(streams.get(0).starts).isEqualTo(1);
    }

    @Test
    void whoAsksHearsTheReplyOnce() throws Exception {
        StreamUse use = asking();
        List<Stanza> heard = new ArrayList<>();
        use.ask(QUESTION, Duration.ofSeconds(10), heard::add);
        FakeStream stream = streams.get(0);
        stream.receive(StanzaXml.parse("<iq type='result' id='q' from='w@some.example/b' to='service.example'/>"));
        assertThat(heard).as("of another address").isEmpty();
        Stanza reply = StanzaXml.parse("<iq type='result' id='q' from='w@some.example/a' to='service.example'/>");
        stream.receive(reply);
        loop.advance(Duration.ofSeconds(20));
        assertThat(heard).containsExactly(reply);
        assertThat(stream.sent).containsExactly(QUESTION);
    }

    @Test
    void whoAsksInVainHearsThatNoReplyComes() throws Exception {
        StreamUse use = asking();
        List<Stanza> heard = new ArrayList<>();
        use.ask(QUESTION, Duration.ofSeconds(10), heard::add);
        loop.advance(Duration.ofSeconds(9));
        assertThat(heard).isEmpty();
        loop.advance(Duration.ofSeconds(1));
        assertThat(heard).as("too late").containsExactly((Stanza) null);
        use.ask(QUESTION, Duration.ofSeconds(10), heard::add);
        turning(() -> {
            use.close();
            return null;
        });
        assertThat(heard).as("given back").containsExactly(null, null);
    }

    private StreamUse asking() throws Exception {
        run(new RouteBuilder() {
            @Override
            public void configure() {
                from(URI).routeId("consumer").setBody(constant("<r xmlns='urn:r'/>"));
            }
        });
        StreamUse use = context.getEndpoint(URI, XmppComponentEndpoint.class).use();
        use.open();
        return use;
    }

    /** As early as can be: with the stream's start, and as soon as the consumer is heard of. */
    @Test
    void aStanzaThatComesWhileTheConsumerStartsIsAnsweredOnce() throws Exception {
        context.getCamelContextExtension().addContextPlugin(HealthCheckRegistry.class, new ReceivingRegistry());
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:producer").routeId("producer").to(URI);
                from(URI).routeId("consumer").autoStartup(false).setBody(constant("<r xmlns='urn:r'/>"));
            }
        });
        context.start();
        turning(() -> {
            context.getRouteController().startRoute("consumer");
            return null;
        });
        assertThat(streams).hasSize(1);
        assertThat(answers()).hasSize(1);
    }

    /** Brings a request when a health check is registered, which is while the consumer starts. */
    private final class ReceivingRegistry extends DefaultHealthCheckRegistry {
        private ReceivingRegistry() {
            super(context);
        }

        @Override
        public boolean register(Object check) {
            boolean registered = super.register(check);
            if (check instanceof StreamHealthCheck) {
                streams.get(0).receive(REQUEST);
            }
            return registered;
        }
    }

    /** By the repository of components that Camel once had, there was none. */
    @Test
    void theStreamHasAHealthCheckWhileItsConsumerRuns() throws Exception {
        HealthCheckRegistry checks = new DefaultHealthCheckRegistry(context);
        context.getCamelContextExtension().addContextPlugin(HealthCheckRegistry.class, checks);
        context.addService(checks);
        run(new Kept());
        String id = "xmpp-component-service.example@localhost:5347";
        HealthCheck.Result health = checks.getCheck(id).orElseThrow().call();
        assertThat(health.getState()).isEqualTo(HealthCheck.State.UP);
        assertThat(HealthCheckHelper.invokeReadiness(context))
                .extracting(result -> result.getCheck().getId())
                .contains(id);
        assertThat(HealthCheckHelper.invokeLiveness(context))
                .extracting(result -> result.getCheck().getId())
                .doesNotContain(id);
        stopRoute("consumer");
        assertThat(checks.getCheck(id)).isEmpty();
        turning(() -> {
            context.getRouteController().startRoute("consumer");
            return null;
        });
        assertThat(checks.getCheck(id)).isPresent();
    }

    @Test
    void aStopAwaitsTheAnswerOfARequestThatItsRouteHas() throws Exception {
        Kept kept = new Kept();
        run(kept);
        FakeStream stream = streams.get(0);
        stream.receive(REQUEST);
        context.getShutdownStrategy().setTimeout(20);
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> {
            try {
                context.getRouteController().stopRoute("consumer");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        Awaitility.await().until(() -> {
            loop.runDue();
            stream.receive(REQUEST);
            return !stream.sent.isEmpty();
        });
        assertThat(stream.sent.get(0).toXml()).contains("recipient-unavailable");
        assertThat(stream.stops).isZero();
        stream.sent.clear();
        kept.end();
        assertThat(answers()).singleElement().satisfies(answer -> assertThat(answer.type())
                .isEqualTo("result"));
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
            loop.runDue();
            return stopped.isDone();
        });
        assertThat(stream.stops).isOne();
        assertThat(streams).hasSize(1);
    }

    @Test
    void anAnswerAfterTheStreamWasClosedIsReportedAndMakesNoOtherStream() throws Exception {
        Kept kept = new Kept();
        run(kept);
        streams.get(0).receive(REQUEST);
        stopRoute("consumer");
        assertThat(streams.get(0).stops).isOne();
        try (CapturedLog log = CapturedLog.ofUs(Level.ERROR)) {
            kept.end();
            assertThat(log.events()).anyMatch(each -> each.contains("an answer was not sent"));
        }
        assertThat(streams).hasSize(1);
        assertThat(answers()).isEmpty();
    }

    @Test
    void anAnswerAfterTheStopIsSentWhereOthersKeepTheStreamOpen() throws Exception {
        Kept kept = new Kept();
        run(kept);
        AsyncProducer other = context.getEndpoint(URI).createAsyncProducer();
        other.start();
        streams.get(0).receive(REQUEST);
        stopRoute("consumer");
        kept.end();
        assertThat(answers()).hasSize(1);
        assertThat(streams.get(0).stops).isZero();
        other.stop();
        assertThat(streams.get(0).stops).isOne();
    }

    @Test
    void whoJoinsWhileAStreamClosesGetsAFreshOneThatConnectsAfterwards() throws Exception {
        run(new Kept());
        FakeStream first = streams.get(0);
        first.closed = new CompletableFuture<>();
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> {
            try {
                stopRoute("consumer");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        Awaitility.await().until(() -> first.stops == 1);
        AsyncProducer producer = context.getEndpoint(URI).createAsyncProducer();
        producer.start();
        assertThat(streams).hasSize(2);
        assertThat(streams.get(1).starts).isZero();
        first.closed.complete(null);
        stopped.get(20, TimeUnit.SECONDS);
        Awaitility.await().until(() -> streams.get(1).starts == 1);
        assertThat(streams.get(1).stops).isZero();
        producer.stop();
        assertThat(streams.get(1).stops).isOne();
    }

    @Test
    void whoLeavesBeforeTheStreamBeforeIsClosedNeverConnects() throws Exception {
        context.start();
        XmppComponentEndpoint endpoint = context.getEndpoint(URI, XmppComponentEndpoint.class);
        StreamUse first = endpoint.use();
        first.open();
        FakeStream closing = streams.get(0);
        closing.closed = new CompletableFuture<>();
        Thread leaving = new Thread(first::close);
        leaving.start();
        Awaitility.await().until(() -> closing.stops == 1);
        StreamUse second = endpoint.use();
        second.open();
        second.close();
        StreamUse third = endpoint.use();
        third.open();
        assertThat(streams).hasSize(3);
        assertThat(streams.get(2).starts).isZero();
        closing.closed.complete(null);
        leaving.join();
        Awaitility.await().until(() -> streams.get(2).starts == 1);
        third.close();
        third.close();
        assertThat(streams).extracting(stream -> stream.stops).containsExactly(1, 1, 1);
    }

    private AsyncProducer producer() throws Exception {
        context.start();
        AsyncProducer producer = context.getEndpoint(URI + "&requestTimeout=5s").createAsyncProducer();
        producer.start();
        return producer;
    }

    private CompletableFuture<Exchange> send(AsyncProducer producer, ExchangePattern pattern) {
        Exchange exchange = producer.getEndpoint().createExchange(pattern);
        exchange.getMessage()
                .setBody(
                        "<iq type='get' id='1' from='service.example' to='alice@some.example/home'><q xmlns='u:q'/></iq>");
        CompletableFuture<Exchange> done = new CompletableFuture<>();
        producer.process(exchange, sync -> done.complete(exchange));
        return done;
    }

    /** Whether others keep the stream open or not. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRequestThatAwaitsItsReplyEndsWithTheStopOfItsProducer(boolean kept) throws Exception {
        AsyncProducer producer = producer();
        AsyncProducer other = kept ? producer() : null;
        CompletableFuture<Exchange> asked = send(producer, ExchangePattern.InOut);
        loop.runDue();
        assertThat(asked).isNotDone();
        assertThat(streams.get(0).sent).hasSize(1);
        producer.stop();
        loop.runDue();
        assertThat(asked).isCompleted();
        assertThat(asked.get().getException()).hasMessageContaining("no reply is awaited any more");
        // Neither the reply nor the time ends it again.
        streams.get(0).receive(streams.get(0).sent.get(0).result(""));
        loop.advance(Duration.ofSeconds(6));
        assertThat(asked.get().getMessage().getBody()).isInstanceOf(String.class);
        if (other != null) {
            other.stop();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"InOnly", "InOut"})
    void whatWasGivenToAProducerBeforeItsStopAndComesToTheLoopAfterItFails(String pattern) throws Exception {
        AsyncProducer producer = producer();
        CompletableFuture<Exchange> asked = send(producer, ExchangePattern.valueOf(pattern));
        producer.stop();
        loop.runDue();
        assertThat(asked).isCompleted();
        assertThat(asked.get().getException()).hasMessageContaining("stopped");
        assertThat(streams.get(0).sent).isEmpty();
        CompletableFuture<Exchange> later = send(producer, ExchangePattern.valueOf(pattern));
        assertThat(later).isCompleted();
        assertThat(later.get().getException()).hasMessageContaining("stopped");
        assertThat(streams).hasSize(1);
    }

    @Test
    void theComponentClosesWhatIsStillHeldWhenTheContextStops() throws Exception {
        context.start();
        StreamUse use = context.getEndpoint(URI, XmppComponentEndpoint.class).use();
        use.open();
        turning(() -> {
            context.stop();
            return null;
        });
        assertThat(streams.get(0).stops).isOne();
        assertThat(use.isGivenBack()).isTrue();
        use.close();
        assertThat(streams.get(0).stops).isOne();
    }

    /** Any order of takes and returns on several threads: one connection at a time, and none without a user. */
    @Test
    void oneStreamRunsAtATimeHoweverUsersComeAndGo() throws Exception {
        context.start();
        XmppComponentEndpoint endpoint = context.getEndpoint(URI, XmppComponentEndpoint.class);
        List<CompletableFuture<Void>> users = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Random random = new Random(i);
            users.add(CompletableFuture.runAsync(() -> {
                for (int j = 0; j < 500; j++) {
                    StreamUse use = endpoint.use();
                    if (random.nextInt(4) > 0) {
                        use.open();
                        assertThat(use.isOpen()).isTrue();
                        long running = streams.stream()
                                .filter(stream -> stream.starts > stream.stops)
                                .count();
                        assertThat(running).isLessThanOrEqualTo(1);
                    }
                    use.close();
                }
            }));
        }
        for (CompletableFuture<Void> user : users) {
            user.get(60, TimeUnit.SECONDS);
        }
        assertThat(streams).allMatch(stream -> stream.stops == 1 && stream.starts <= 1);
    }

    /** As when one proxy is taken out of a context, and routes of an operator send by its endpoint. */
    @Test
    void aProducerGoesOnByTheStreamThatFollowsOneThatWasClosedForAll() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:send").to(URI);
            }
        });
        turning(() -> {
            context.start();
            return null;
        });
        StreamUse held = context.getEndpoint(URI, XmppComponentEndpoint.class).use();
        turning(() -> {
            held.closeForAll();
            return null;
        });
        assertThat(streams).hasSize(1);
        assertThat(streams.get(0).stops).isOne();
        turning(() -> {
            context.createProducerTemplate()
                    .sendBody("direct:send", "<message to='alice@some.example' from='service.example'/>");
            return null;
        });
        assertThat(streams).hasSize(2);
        assertThat(streams.get(1).sent).hasSize(1);
        assertThat(streams.get(1).starts).isOne();
    }
}
