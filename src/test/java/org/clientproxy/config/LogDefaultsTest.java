package org.clientproxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.Configurator.ExecutionStatus;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogDefaultsTest {
    private static final Path SHIPPED = Path.of("src/main/resources/org/clientproxy/config/logback.xml");
    private static final String NAMED = "logback.configurationFile";

    @TempDir
    Path directory;

    private final String named = System.getProperty(NAMED);

    @AfterEach
    void restore() {
        if (named == null) {
            System.clearProperty(NAMED);
        } else {
            System.setProperty(NAMED, named);
        }
    }

    private static List<String> levels(LoggerContext context) {
        return context.getLoggerList().stream()
                .filter(logger -> logger.getLevel() != null)
                .map(logger -> logger.getName() + " " + logger.getLevel())
                .toList();
    }

    private static String appender(LoggerContext context) {
        ConsoleAppender<ILoggingEvent> appender = (ConsoleAppender<ILoggingEvent>)
                context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("STDOUT");
        PatternLayoutEncoder encoder = (PatternLayoutEncoder) appender.getEncoder();
        return appender.isStarted() + " " + appender.getTarget() + " " + encoder.isStarted() + " "
                + encoder.getPattern();
    }

    @Test
    void setsWhatTheFileSays() throws Exception {
        LoggerContext ofFile = new LoggerContext();
        JoranConfigurator joran = new JoranConfigurator();
        joran.setContext(ofFile);
        joran.doConfigure(SHIPPED.toString());
        LoggerContext ofCode = new LoggerContext();
        LogDefaults.set(ofCode);

        assertThat(levels(ofCode)).isEqualTo(levels(ofFile)).isNotEmpty();
        assertThat(appender(ofCode)).isEqualTo(appender(ofFile));
        ofFile.stop();
        ofCode.stop();
    }

    private ExecutionStatus configure(String file) {
        System.setProperty(NAMED, file);
        LoggerContext context = new LoggerContext();
        try {
            return new LogDefaults().configure(context);
        } finally {
            context.stop();
        }
    }

    @Test
    void holdsForTheFileAsItWasShippedAlone() throws Exception {
        assertThat(configure(SHIPPED.toString())).isEqualTo(ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY);
        Path edited = directory.resolve("logback.xml");
        Files.writeString(edited, Files.readString(SHIPPED).replace("WARN", "INFO"));
        assertThat(configure(edited.toString())).isEqualTo(ExecutionStatus.INVOKE_NEXT_IF_ANY);
        for (String other : List.of("none.xml", "file:/none.xml", "https://some.example/logback.xml", "\0")) {
            assertThat(configure(other)).as(other).isEqualTo(ExecutionStatus.INVOKE_NEXT_IF_ANY);
        }
    }

    /** Such as that of these tests. */
    @Test
    void leavesAFileThatLogbackFindsByItself() {
        System.clearProperty(NAMED);
        LoggerContext context = new LoggerContext();
        assertThat(new LogDefaults().configure(context)).isEqualTo(ExecutionStatus.INVOKE_NEXT_IF_ANY);
        context.stop();
    }
}
