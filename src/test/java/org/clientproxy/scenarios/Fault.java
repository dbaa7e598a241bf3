package org.clientproxy.scenarios;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** What goes wrong in mid-load. Each returns when it is over; the service may come back later. */
enum Fault {
    NONE("none", run -> pause(2000)),
    SERVER_KILLED("server killed and started again", run -> {
        run.server.kill();
        run.server.start();
    }),
    SERVER_SUSPENDED("server stands still for 5 s (SIGSTOP)", run -> {
        run.server.suspend();
        pause(5000);
        run.server.resume();
    }),
    RESET("connection reset", run -> run.network.reset()),
    SILENT_CUT("connection cut without FIN", run -> {
        run.network.dropSilently();
        pause(1000);
    }),
    CONFLICT("connection reset, the server keeps its half for 3 s", run -> {
        run.network.resetComponentOnly();
        pause(3000);
        run.network.reset();
    }),
    STREAM_ERROR("stream error", run -> run.network.toServer("<iq></oops>")),
    SERVER_DOES_NOT_READ("server reads nothing for 8 s", run -> {
        run.network.stall(true);
        pause(8000);
        run.network.stall(false);
    }),
    FLAPPING("a resource comes and goes, 5 times a second", run -> {
        FaultClient flapping = FaultClient.worker(run.server, "flapping", run.workTime);
        for (int i = 0; i < 25; i++) {
            pause(200);
            flapping.cut();
        }
        flapping.close();
    }),
    WORKER_KILLED("implementing clients killed with requests in flight", run -> {
        for (int i = 0; i < 5; i++) {
            run.workers.get(i % 2).cut();
            pause(1000);
        }
    }),
    STOPPED("proxy restarted (SIGTERM)", run -> {
        run.proxy.stop();
        run.proxy.start();
    }),
    KILLED("proxy killed and started again (kill -9)", run -> {
        run.proxy.kill();
        run.proxy.start();
    });

    /** Brings the fault about. */
    @FunctionalInterface
    interface Action {
        void inflict(FaultRun run) throws Exception;
    }

    final String words;
    final Action action;

    Fault(String words, Action action) {
        this.words = words;
        this.action = action;
    }

    private static void pause(long millis) {
        long until = System.nanoTime() + Duration.ofMillis(millis).toNanos();
        while (System.nanoTime() < until) {
            LockSupport.parkNanos(until - System.nanoTime());
        }
    }
}
