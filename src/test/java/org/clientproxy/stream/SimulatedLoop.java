package org.clientproxy.stream;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;

/** A loop whose clock a test turns: tasks run on the thread that turns it, in the order of their time. */
public final class SimulatedLoop implements StreamLoop {
    private record Task(long at, long number, Runnable runnable) {
        private static final Comparator<Task> ORDER =
                Comparator.comparingLong(Task::at).thenComparingLong(Task::number);
    }

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final PriorityQueue<Task> timers = new PriorityQueue<>(Task.ORDER);
    private long now = 1_000_000_000L;
    private long counter;
    private Runnable watcher = () -> {};

    /** Lets the time pass, and runs what becomes due. */
    public synchronized void advance(Duration time) {
        long until = now + time.toNanos();
        runDue();
        while (!timers.isEmpty() && timers.peek().at() <= until) {
            Task task = timers.remove();
            now = Math.max(now, task.at());
            task.runnable().run();
            watcher.run();
            runDue();
        }
        now = until;
    }

    /** The time passes, and nothing runs, as when the process stands still. */
    public synchronized void stall(Duration time) {
        now += time.toNanos();
    }

    /** Runs what was given to the loop, without letting time pass. */
    public synchronized void runDue() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
            watcher.run();
        }
    }

    /** Calls this after each task and each timer. */
    public synchronized void watch(Runnable afterEach) {
        watcher = afterEach;
    }

    /** How many timers were ever set. */
    public synchronized long timersSet() {
        return counter;
    }

    /** How many timers are set. */
    public synchronized int timers() {
        return timers.size();
    }

    @Override
    public boolean inLoop() {
        return Thread.holdsLock(this);
    }

    @Override
    public synchronized long nanoTime() {
        return now;
    }

    @Override
    public synchronized void execute(Runnable task) {
        tasks.add(task);
        // Camel stops routes on a thread of its own, which waits for the loop while the test waits for that thread.
        if (Thread.currentThread().getName().contains("ShutdownTask")) {
            runDue();
        }
    }

    @Override
    public synchronized Timeout schedule(Runnable task, long delayNanos) {
        Task timer = new Task(now + Math.max(0, delayNanos), counter++, task);
        timers.add(timer);
        return () -> {
            synchronized (this) {
                timers.remove(timer);
            }
        };
    }
}
