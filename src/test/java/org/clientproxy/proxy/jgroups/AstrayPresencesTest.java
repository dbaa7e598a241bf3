package org.clientproxy.proxy.jgroups;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.clientproxy.proxy.pending.PendingStore.Holder;
import org.clientproxy.proxy.pending.PendingStore.Recorded;
import org.clientproxy.proxy.pending.RestoredRequest;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.Test;

/** When the target is asked anew, for presences may have gone to another node's connection. */
class AstrayPresencesTest implements Holder {
    private final AstrayPresences astray = new AstrayPresences(3);
    private final List<String> asked = new ArrayList<>();
    private long now;

    @Override
    public void takeUp(List<RestoredRequest> others) {
        throw new IllegalStateException("this is about presences");
    }

    @Override
    public void drop(Set<? extends Recorded> marks) {
        throw new IllegalStateException("this is about presences");
    }

    @Override
    public void dropAll() {
        throw new IllegalStateException("this is about presences");
    }

    @Override
    public boolean isPending(Stanza reply) {
        throw new IllegalStateException("this is about presences");
    }

    @Override
    public void askWhoIsThere(boolean always) {
        asked.add((now / 1_000_000) + (always ? " whoever is there" : " if nobody is"));
    }

    private void pass(int millis) {
        for (int i = 0; i < millis; i += 20) {
            now += 20_000_000L;
            astray.look(now, this);
        }
    }

    @Test
    void onceAfterANodeCameAndNotAgainWhileAllAreThere() {
        astray.viewDelivered(List.of(1, 2, 3), now);
        pass(60_000);
        assertThat(asked).containsExactly("500 whoever is there");
    }

    @Test
    void everyTwoSecondsWhileOneIsMissingAndOnceWhenItIsBack() {
        astray.viewDelivered(List.of(1, 2, 3), now);
        pass(1000);
        astray.viewDelivered(List.of(2, 3), now);
        pass(4000);
        astray.viewDelivered(List.of(1, 2, 3), now);
        pass(10_000);
        assertThat(asked)
                .containsExactly(
                        "500 whoever is there", "2500 if nobody is", "4500 if nobody is", "5500 whoever is there");
    }
}
