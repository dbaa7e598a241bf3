package org.clientproxy.proxy;

import static org.clientproxy.proxy.PlayCast.RESOURCES;
import static org.clientproxy.proxy.PlayCast.pick;

import org.clientproxy.xmpp.Jid;

/** The steps in which an operator tells the proxy something. */
final class PlayOperator {
    private final PlayStage stage;
    private boolean paused;

    PlayOperator(PlayStage stage) {
        this.stage = stage;
    }

    void operate(ModelStep step) {
        Jid resource = Jid.parse(pick(RESOURCES, step.b()));
        switch (step.a() % 8) {
            case 0 -> pause(true);
            case 1, 2, 3 -> {
                stage.model.retire(resource);
                stage.system.retire(resource);
            }
            default -> {
                // Most of the time it is not paused.
                if (paused) {
                    pause(false);
                } else {
                    stage.model.restore(resource);
                    stage.system.restore(resource);
                }
            }
        }
    }

    private void pause(boolean pause) {
        paused = pause;
        stage.model.pause(pause);
        if (pause) {
            stage.system.pause();
        } else {
            stage.system.resume();
        }
    }
}
