package org.clientproxy.proxy.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.clientproxy.proxy.ProxyFixture;
import org.clientproxy.proxy.SettingsBuilder;
import org.clientproxy.proxy.settings.PoolKeys;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.SelectionPolicy;
import org.clientproxy.stream.SimulatedLoop;
import org.clientproxy.xmpp.Jid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is there where the proxy has no subscription, by the presence that sessions send to the proxy host. */
class DirectedPresencesTest implements PoolListener {
    private static final Jid TARGET = Jid.parse("worker@some.example");
    private static final Jid A = Jid.parse("worker@some.example/a");
    private static final Jid B = Jid.parse("worker@some.example/b");

    @TempDir
    Path data;

    private final SimulatedLoop loop = new SimulatedLoop();
    private final List<String> sent = new ArrayList<>();
    private int confirmed;
    private ResourcePool pool;
    private TargetWatch watch;

    @BeforeEach
    void start() {
        ProxySettings settings = new SettingsBuilder(ProxyFixture.settings(data))
                .with(PoolKeys.SUBSCRIBE, false)
                .build();
        pool = new ResourcePool(SelectionPolicy.RANDOM, new Random(1));
        watch = TargetWatch.of(settings, loop, pool, this, (type, to) -> sent.add(type + ">" + to));
        confirmed = 0;
    }

    @Override
    public void resourceLeft(PooledResource resource, boolean settle) {
        // What is pending there is another's matter.
    }

    @Override
    public void poolConfirmed() {
        confirmed++;
    }

    private void says(String type, Jid from) {
        watch.receive(new TargetPresence(type, from, null, 0, null));
    }

    private void ready() {
        sent.clear();
        watch.streamReady();
    }

    @Test
    void nobodyIsAskedToAcceptAnything() {
        ready();
        says("unsubscribed", TARGET);
        says("subscribed", TARGET);
        loop.advance(Duration.ofHours(2));
        assertThat(sent).containsExactly("unsubscribe>" + TARGET, ">" + TARGET);
        assertThat(confirmed).as("by the time for it").isOne();
    }

    @Test
    void whoSendsItsPresenceIsThereUntilItLeaves() {
        ready();
        says("", A);
        assertThat(confirmed).as("others may come").isZero();
        loop.advance(Duration.ofSeconds(3));
        assertThat(pool.size()).isOne();
        loop.advance(Duration.ofMinutes(30));
        assertThat(pool.size()).as("nobody has to repeat anything").isOne();
        says("unavailable", A);
        assertThat(pool.size()).isZero();
        assertThat(sent).doesNotContain("probe>" + TARGET, "subscribe>" + TARGET);
    }

    @Test
    void whoWasThereIsAskedAfterARestart() throws IOException {
        ready();
        says("", A);
        says("", B);
        watch.stop();
        assertThat(Files.readAllLines(data.resolve("proxy.resources"))).containsExactly(A.toString(), B.toString());
        start();
        ready();
        assertThat(sent).containsExactly("unsubscribe>" + TARGET, ">" + TARGET, ">" + A, ">" + B);
        says("", B);
        assertThat(confirmed).isZero();
        says("", A);
        assertThat(confirmed).as("all have answered").isOne();
        assertThat(pool.size()).isEqualTo(2);
    }

    @Test
    void whoDoesNotAnswerAfterARestartIsForgotten() throws IOException {
        Files.writeString(data.resolve("proxy.resources"), A + "\nnonsense@x/y\n\n" + B + "\n");
        start();
        ready();
        says("", B);
        loop.advance(Duration.ofSeconds(3));
        assertThat(confirmed).isOne();
        assertThat(pool.size()).isOne();
        loop.advance(Duration.ofSeconds(1));
        assertThat(Files.readAllLines(data.resolve("proxy.resources"))).containsExactly(B.toString());
    }

    @Test
    void aBreakOfTheStreamAsksThoseWhoWereThere() {
        ready();
        says("", A);
        loop.advance(Duration.ofSeconds(3));
        watch.streamDown();
        assertThat(pool.size()).isZero();
        ready();
        assertThat(sent).contains(">" + A);
        says("unavailable", A);
        assertThat(confirmed).as("nobody else is to answer").isEqualTo(2);
        assertThat(pool.all()).isEmpty();
    }

    @Test
    void aSuspectIsAskedByName() {
        ready();
        says("", A);
        says("", B);
        loop.advance(Duration.ofSeconds(3));
        sent.clear();
        watch.suspect(pool.find(A));
        assertThat(sent).containsExactly(">" + TARGET, ">" + A);
        loop.advance(Duration.ofSeconds(3));
        assertThat(pool.all()).extracting(PooledResource::jid).containsExactly(B);
    }

    @Test
    void aSessionThatComesBackBeforeItsLeaveIsHeardIsAskedAgain() {
        ready();
        loop.advance(Duration.ofSeconds(3));
        says("", A);
        sent.clear();
        // ejabberd may deliver the end of the session before after the beginning of the next one.
        says("unavailable", A);
        assertThat(sent).containsExactly(">" + TARGET, ">" + A);
        says("", A);
        assertThat(pool.size()).isOne();
    }

    @Test
    void aDirectoryThatCannotBeWrittenDoesNoHarm() throws IOException {
        Files.delete(data);
        Files.writeString(data, "no directory");
        start();
        ready();
        says("", A);
        loop.advance(Duration.ofSeconds(3));
        assertThat(pool.size()).isOne();
        watch.stop();
    }
}
