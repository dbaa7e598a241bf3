package org.clientproxy.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ServerProcessTest {
    /** A program that finds each port taken. */
    private static final class Unlucky extends ServerProcess {
        private final Set<Integer> tried = new HashSet<>();

        Unlucky() throws IOException {
            super(Map.of());
        }

        @Override
        void configure() {
            tried.add(clientPort());
        }

        @Override
        ProcessBuilder command() {
            return new ProcessBuilder("/bin/sh", "-c", "echo Address already in use; exit 1");
        }

        @Override
        boolean isReady() {
            return false;
        }

        @Override
        String controlProgram() {
            return "none";
        }

        @Override
        String controlScript() {
            return "";
        }
    }

    @Test
    void aStartGivesUpWhenEachOfAFewPortsIsTaken() throws Exception {
        try (Unlucky server = new Unlucky()) {
            assertThatThrownBy(server::start).isInstanceOf(IOException.class).hasMessageContaining("already in use");
            assertThat(server.tried).hasSize(ServerProcess.ATTEMPTS);
        }
    }
}
