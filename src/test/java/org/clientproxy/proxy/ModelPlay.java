package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.clientproxy.proxy.settings.MessageKeys;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.stream.StanzaNotSentException;
import org.clientproxy.stream.StreamState;

/** Plays steps to a proxy and to the reference model at once, and compares the two after each. */
final class ModelPlay {
    private final ModelSystem system;
    private final PlayStage stage;
    private final PlayRequests requests;
    private final PlayReplies replies;
    private final PlayPresences presences;
    private final PlayAnnouncements announcements;
    private final PlayNoise noise;
    private final PlayMessages messages;
    private final PlayUsers users;
    private final PlayOperator operator;
    private final boolean talk;
    private boolean drained;
    private boolean stopped;

    /** @param heard what is remembered of what earlier proxies sent */
    ModelPlay(ModelSystem system, ProxySettings settings, ModelWire wire, PlayHeard heard) {
        this.system = system;
        heard.begin();
        wire.begin(settings);
        this.talk = settings.get(MessageKeys.MESSAGES);
        this.stage = new PlayStage(system, settings, wire, heard);
        this.requests = new PlayRequests(stage, settings);
        this.presences = new PlayPresences(stage, settings);
        this.replies = new PlayReplies(stage, presences);
        this.announcements = new PlayAnnouncements(stage);
        this.noise = new PlayNoise(stage, settings);
        this.messages = new PlayMessages(stage);
        this.users = new PlayUsers(stage);
        this.operator = new PlayOperator(stage);
    }

    ReferenceModel model() {
        return stage.model;
    }

    /** Whether the proxy is stopped, so that another one must take its place. */
    boolean isDrained() {
        return drained;
    }

    void step(ModelStep step) {
        switch (step.kind()) {
            case REQUEST -> requests.request(step);
            case REFUSED -> refused(step);
            case REPLY -> replies.reply(step, false);
            case ASK -> requests.ask(step);
            case ANSWER -> replies.answer(step);
            case FORGERY -> replies.reply(step, true);
            case BOUNCE -> replies.bounce(step);
            case PRESENCE -> presences.presence(step);
            case ANNOUNCE -> announcements.announce(step);
            case TIME -> {
                int size = step.b() % 8;
                int ticks = size == 0 ? step.a() % 700 : size < 3 ? step.a() % 40 : step.a() % 4;
                stage.pass(PlayStage.GRID * (1 + ticks));
            }
            case BREAK -> {
                if (talk && step.a() % 4 == 0) {
                    messages.message(step);
                    down(false);
                } else {
                    down(true);
                }
            }
            case MESSAGE -> messages.message(step);
            case WRITE -> messages.write(step);
            case RETURN -> messages.giveBack(step);
            case USER -> users.user(step);
            case SHOW -> users.show(step);
            case READY -> up(step);
            case NOISE -> noise.noise(step);
            case OPERATE -> operator.operate(step);
            case FINISH -> finish();
            case DRAIN -> drain();
            case STOP -> {
                if (drained) {
                    end();
                }
            }
        }
        stage.check();
        stage.pass(0);
    }

    /** The stream does not take what the step makes the proxy send. */
    private void refused(ModelStep step) {
        StanzaNotSentException.Reason[] reasons = StanzaNotSentException.Reason.values();
        system.stream().refuse(reasons[step.d() % reasons.length]);
        if (talk && step.b() % 3 == 0) {
            if (step.c() % 2 == 0) {
                messages.message(step);
            } else {
                messages.write(step);
            }
        } else if (step.c() % 5 == 0) {
            requests.ask(step);
        } else if (step.c() % 3 == 0) {
            replies.reply(step, false);
        } else {
            requests.request(step);
        }
        system.stream().refuse(null);
    }

    private void up(ModelStep step) {
        if (stage.isReady() || stopped) {
            return;
        }
        // What waited on the last stream has not the same end as what comes now.
        stage.pass(PlayStage.GRID);
        stage.model.up();
        system.stream().become(StreamState.READY);
        stage.check();
        // Mostly all goes well.
        if (step.a() % 4 != 0) {
            presences.showUp(step);
            if (step.d() % 3 != 0) {
                announcements.announceAll(step);
            }
        }
    }

    /** @param written whether what was sent in this step was written before */
    private void down(boolean written) {
        if (stage.isReady()) {
            stage.heard.questions.clear();
            stage.model.down(written);
            if (written) {
                system.stream().become(StreamState.DISCONNECTED);
            } else {
                system.stream().breakUnwritten();
            }
        }
    }

    /** Whatever is pending ends; after that nothing is left. */
    private void finish() {
        stage.pass(Duration.ofSeconds(70).toNanos());
        assertThat(model().pending()).isZero();
        assertThat(system.pendingRequests().size()).isZero();
        assertThat(model().answers()).as("answers").isEqualTo(model().requests());
        ModelLeaks.check(system.pendingRequests());
        down(true);
        stage.check();
        stage.pass(Duration.ofSeconds(70).toNanos());
        assertThat(system.loop().timers()).as("timers").isZero();
    }

    /** The proxy stops, and nothing is left. */
    void stop() {
        drain();
        stage.check();
        stage.pass(Duration.ofSeconds(6).toNanos());
        end();
        stage.check();
        finish();
    }

    private void drain() {
        drained = true;
        stage.model.drain();
        system.drain();
    }

    private void end() {
        stopped = true;
        stage.model.stop();
        system.stop();
    }
}
