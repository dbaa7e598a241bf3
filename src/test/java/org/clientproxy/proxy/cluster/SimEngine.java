package org.clientproxy.proxy.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes views. In a tame world it sees who is there, after a while; in a wild one it says anything. */
final class SimEngine {
    private final SimWorld world;
    private final int size;
    private boolean viewIsDue = true;

    SimEngine(SimWorld world, int size) {
        this.world = world;
        this.size = size;
    }

    /** Somebody has come, or is gone. */
    void viewIsDue() {
        viewIsDue = true;
    }

    /** Whether somebody has come, or is gone, and no view says so. */
    boolean isViewDue() {
        return viewIsDue;
    }

    /** In a tame world: each group of those that reach each other gets a view. */
    void formViews() {
        if (!viewIsDue) {
            return;
        }
        viewIsDue = false;
        for (int group = 0; group <= size; group++) {
            int here = group;
            List<SimNode> members = world.where(node -> !node.frozen && node.group == here);
            if (!members.isEmpty()) {
                form(members.get(0), members, members, true);
            }
        }
    }

    /** In a wild world: some node makes a view of some of those of which it may think that they are there. */
    void formAny(Random random) {
        List<SimNode> alive = world.where(node -> !node.frozen);
        if (alive.isEmpty()) {
            return;
        }
        SimNode creator = alive.get(random.nextInt(alive.size()));
        boolean all = random.nextInt(3) == 0;
        List<SimNode> members =
                world.where(node -> node == creator || all || node.group == creator.group && random.nextInt(4) != 0);
        members.remove(creator);
        members.add(random.nextInt(members.size() + 1), creator);
        List<SimNode> hear = new ArrayList<>(members);
        if (random.nextInt(4) == 0) {
            hear.removeIf(node -> random.nextBoolean());
        }
        form(creator, members, hear, false);
    }

    /** @param knowing whether the number is one that none of them can have heard of */
    private void form(SimNode creator, List<SimNode> members, List<SimNode> hear, boolean knowing) {
        long number = creator.lastMade;
        for (SimNode member : members) {
            number = Math.max(number, member.view == null ? 0 : member.view.number());
            for (View coming : member.views) {
                number = knowing ? Math.max(number, coming.number()) : number;
            }
        }
        View view = new View(
                number + 1,
                creator.member,
                members.stream().map(node -> node.member).toList());
        creator.lastMade = view.number();
        hear.forEach(node -> node.views.add(view));
    }

    /** The next view that it made for the node comes there. */
    void deliver(SimNode node) {
        View view = node.views.remove();
        if (node.view == null || view.number() > node.view.number()) {
            node.view = view;
            node.node.viewDelivered(view);
        }
    }
}
