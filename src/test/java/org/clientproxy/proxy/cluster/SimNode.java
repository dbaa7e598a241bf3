package org.clientproxy.proxy.cluster;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A process with a node of the cluster, and above it what the proxy would be: it forwards, answers, and ends at deadlines. */
final class SimNode implements ClusterListener, Peers {
    static final long TIMEOUT = 20_000_000_000L;

    final Member member;
    final ClusterNode node;
    final NodeFigures figures;
    /** Views that the engine delivers to it, in their order; it may pass some over. */
    final Deque<View> views = new ArrayDeque<>();

    /** By the number that it has here. */
    final Map<Long, SimRequest> pending = new LinkedHashMap<>();
    /** By all numbers that there ever were here. */
    private final Map<Long, SimRequest> numbered = new HashMap<>();

    private final SimWorld world;
    private final long offset;
    private final List<Runnable> outbox = new ArrayList<>();
    /** Replies that have ended requests here whose answers are not written: they are read once more when it begins anew. */
    private List<SimRequest> taken = new ArrayList<>();

    private final Deque<List<SimRequest>> unwritten = new ArrayDeque<>();
    private final Set<SimRequest> answering = new LinkedHashSet<>();
    /** What the barrier was passed for while there was no stream; answers wait for the next one. */
    private final List<Runnable> held = new ArrayList<>();
    /** The last that each of the others has told. */
    private final Map<Member, Integer> lastNews = new HashMap<>();

    boolean frozen;
    boolean leaving;
    boolean left;
    int group;

    @Nullable
    View view;
    /** The number of the last view that it made: it makes no two of the same number. */
    long lastMade;

    boolean streamOpen;
    private int stream;
    /** Its own end of the stream is said, and what the server had sent before it read that still comes. */
    private boolean streamCloses;

    SimNode(SimWorld world, Member member, ClusterRules rules, long offset) {
        this.world = world;
        this.member = member;
        this.offset = offset;
        this.node = new ClusterNode(member, rules, this::clock, this, this);
        this.figures = node.figures();
    }

    private long clock() {
        return world.now + offset;
    }

    void request(boolean flush) {
        if (!streamOpen || leaving || node.isWindowFull()) {
            return;
        }
        SimRequest request = world.newRequest(TIMEOUT);
        long number = node.put(request.deadline + offset, request.body());
        pending.put(number, request);
        numbered.put(number, request);
        outbox.add(() -> forward(request));
        if (flush) {
            flush();
        }
    }

    private void forward(SimRequest request) {
        request.forwarded = true;
        request.forwardedBy = member;
        request.replyReadBy = null;
        request.replyCameTo.clear();
    }

    void retry(Random random) {
        Long number = any(random);
        if (number != null && streamOpen) {
            SimRequest request = pending.get(number);
            node.replace(number, request.deadline + offset, request.body());
            outbox.add(() -> forward(request));
        }
    }

    /** The server gives it the reply to a request, whoever has sent that. */
    void replyComes(SimRequest request, boolean flush) {
        Member by = request.forwardedBy;
        if ((streamOpen || streamCloses) && by != null) {
            request.replyReadBy = this;
            node.replyRead(by, request.body());
            if (flush) {
                flush();
            }
        }
    }

    /** The server tells it something that all are to know. */
    void newsComes(int number) {
        if (streamOpen || streamCloses) {
            node.tell(ByteBuffer.allocate(4).putInt(number).array());
        }
    }

    @Override
    public boolean reply(byte[] stanza, boolean named) {
        SimRequest request = world.requests.get(ByteBuffer.wrap(stanza).getInt());
        for (Map.Entry<Long, SimRequest> one : pending.entrySet()) {
            if (one.getValue() == request) {
                request.replyTaken = true;
                taken.add(request);
                answer(one.getKey());
                return true;
            }
        }
        return false;
    }

    @Override
    public void stanza(byte[] stanza) {
        int number = ByteBuffer.wrap(stanza).getInt();
        Integer before = lastNews.put(world.newsFrom.get(number), number);
        if (before != null && before >= number) {
            throw new AssertionError(member + " hears news " + number + " after " + before);
        }
    }

    @Override
    public void othersGone() {
        world.lossesTold++;
    }

    private @Nullable Long any(Random random) {
        List<Long> all = List.copyOf(pending.keySet());
        return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
    }

    /** Those whose time is over get the error. */
    void expire() {
        if (streamOpen) {
            for (Long number : List.copyOf(pending.keySet())) {
                if (pending.get(number).deadline <= world.now) {
                    answer(number);
                }
            }
            flush();
        }
    }

    private void answer(long number) {
        SimRequest request = pending.remove(number);
        node.settle(number);
        answering.add(request);
        outbox.add(() -> {
            answering.remove(request);
            request.answers++;
            world.answered(request);
        });
    }

    void flush() {
        List<Runnable> turn = List.copyOf(outbox);
        outbox.clear();
        int before = stream;
        unwritten.add(taken);
        taken = new ArrayList<>();
        node.endTurn(() -> {
            unwritten.remove();
            if (stream == before) {
                held.addAll(turn);
            }
            write();
        });
    }

    private void write() {
        if (streamOpen) {
            List<Runnable> now = List.copyOf(held);
            held.clear();
            now.forEach(Runnable::run);
        }
    }

    /** What waited for the stream is lost. */
    void streamEnds() {
        if (streamOpen) {
            closeStream();
            node.streamEnded();
        }
    }

    private void closeStream() {
        streamOpen = false;
        stream++;
        answering.forEach(request -> request.goneWithStream = true);
        dropAnswers();
    }

    private void dropAnswers() {
        answering.forEach(request -> request.answerDropped = true);
        answering.clear();
        outbox.clear();
        held.clear();
    }

    /** It is told to stop: it leaves when what it has to write is written. */
    void leave() {
        leaving = true;
        node.closing();
        flush();
    }

    void tick() {
        if (leaving && figures.turns() == 0 && streamOpen) {
            closeStream();
            streamCloses = true;
        } else if (leaving && figures.turns() == 0) {
            streamCloses = false;
            node.leave();
        }
        node.tick();
        left = node.hasLeft();
    }

    void killed() {
        dropAnswers();
    }

    /** The request that has this number here. */
    @Nullable
    SimRequest numbered(long number) {
        return numbered.get(number);
    }

    @Override
    public void send(Member to, byte[] octets) {
        world.send(member, to, octets);
    }

    @Override
    public void rejoin() {
        throw new AssertionError(member + " was told that it does not own what it believes to own");
    }

    @Override
    public void takenOver(List<Taken> taken) {
        for (Taken one : taken) {
            SimRequest request = world.requests.get(ByteBuffer.wrap(one.body()).getInt());
            long late = one.deadline() - offset - request.deadline;
            if (late < 0 || late > request.slack) {
                throw new AssertionError("deadline " + late + " ns late, may be " + request.slack + ": " + request);
            }
            pending.put(one.number(), request);
            numbered.put(one.number(), request);
            world.takenOver++;
        }
    }

    @Override
    public void handedOver(List<Long> numbers) {
        pending.keySet().removeAll(numbers);
        world.handedOver += numbers.size();
    }

    @Override
    public void beganAnew() {
        pending.clear();
        dropAnswers();
        world.beganAnew++;
        unwritten.add(taken);
        for (List<SimRequest> ofTurn : unwritten) {
            for (SimRequest request : ofTurn) {
                request.replyTaken = false;
                request.replyReadBy = this;
                node.replyRead(request.forwardedBy, request.body());
            }
        }
        unwritten.clear();
        taken = new ArrayList<>();
    }

    @Override
    public void streamGranted() {
        if (streamOpen) {
            throw new AssertionError("granted twice");
        }
        streamOpen = true;
        world.streams++;
        write();
    }

    @Override
    public void streamRevoked() {
        if (streamOpen) {
            closeStream();
        }
    }
}
