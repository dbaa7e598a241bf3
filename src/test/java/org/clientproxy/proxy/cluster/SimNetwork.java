package org.clientproxy.proxy.cluster;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Carries messages and views in any order; some are lost, and some come twice, where it is told to. */
final class SimNetwork {
    private record Letter(Member from, Member to, byte[] octets, long sentAt) {}

    private final SimWorld world;
    private final SimEngine engine;
    private final List<Letter> letters = new ArrayList<>();

    SimNetwork(SimWorld world, SimEngine engine) {
        this.world = world;
        this.engine = engine;
    }

    void send(Member from, Member to, byte[] octets) {
        letters.add(new Letter(from, to, octets, world.now));
    }

    boolean isAnythingUnderWay() {
        return !letters.isEmpty() || !world.where(node -> !node.views.isEmpty()).isEmpty();
    }

    /** So many of what is under way come, whichever. */
    void deliver(int count, Random random) {
        for (int i = 0; i < count; i++) {
            List<SimNode> told = world.where(node -> !node.frozen && !node.views.isEmpty());
            if (!told.isEmpty() && (letters.isEmpty() || random.nextInt(1 + letters.size()) == 0)) {
                engine.deliver(told.get(random.nextInt(told.size())));
            } else if (!letters.isEmpty()) {
                deliver(letters.remove(random.nextInt(letters.size())));
            }
        }
    }

    private void deliver(Letter letter) {
        SimNode to = world.process(letter.to());
        SimNode from = world.process(letter.from());
        if (to == null || from != null && from.group != to.group) {
            return;
        }
        if (to.frozen) {
            letters.add(letter);
            return;
        }
        if (Wire.decode(letter.octets(), world.now) instanceof Message.Batch batch) {
            for (Command command : batch.commands()) {
                if (command.kind() == Command.Kind.REPLY || command.kind() == Command.Kind.REPLY_TO_ALL) {
                    world.requests
                            .get(ByteBuffer.wrap(command.body()).getInt())
                            .replyCameTo
                            .add(to);
                }
                SimRequest request = command.kind().isPassedOn()
                        ? null
                        : world.ever(letter.from()).numbered(command.number());
                if (request != null) {
                    request.settleArrived |= command.kind() == Command.Kind.SETTLE;
                    request.slack += world.now - letter.sentAt();
                }
            }
        }
        to.node.received(letter.from(), letter.octets());
    }

    /** So many of the messages are lost. */
    void drop(int count, Random random) {
        for (int i = 0; i < count && !letters.isEmpty(); i++) {
            letters.remove(random.nextInt(letters.size()));
        }
    }

    /** One of the messages comes once more. */
    void repeat(Random random) {
        if (!letters.isEmpty()) {
            letters.add(letters.get(random.nextInt(letters.size())));
        }
    }
}
