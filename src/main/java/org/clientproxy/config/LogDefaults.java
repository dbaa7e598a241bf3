package org.clientproxy.config;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The log as the {@code logback.xml} beside this class says it, set without reading XML, which would take a third of the start. It holds
 * where nobody has said otherwise: the file that logback is told of is that one as it was shipped, or it is told of none and finds none.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_NORMAL_PRIORITY)
public final class LogDefaults extends ContextAwareBase implements Configurator {
    static final String FILE = "logback.xml";
    private static final String NAMED = "logback.configurationFile";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        String named = System.getProperty(NAMED);
        if (named == null ? isAnyFound() : !isAsShipped(named)) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        set(context);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Whether logback would find a file without being told of one. */
    private static boolean isAnyFound() {
        ClassLoader loader = LogDefaults.class.getClassLoader();
        return loader.getResource("logback-test.xml") != null || loader.getResource(FILE) != null;
    }

    private static boolean isAsShipped(String named) {
        try (InputStream shipped = LogDefaults.class.getResourceAsStream(FILE)) {
            Path file = Path.of(named);
            return shipped != null
                    && Files.isRegularFile(file)
                    && Arrays.equals(shipped.readAllBytes(), Files.readAllBytes(file));
        } catch (IOException | InvalidPathException e) {
            // Logback says what is wrong with it.
            return false;
        }
    }

    static void set(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%d{yyyy-MM-dd HH:mm:ss.SSS} %-5level %-20.20logger{0} %msg%n");
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setName("STDOUT");
        appender.setEncoder(encoder);
        appender.start();
        context.getLogger("org.clientproxy").setLevel(level("LOG_LEVEL", Level.INFO));
        context.getLogger("org.apache.camel.component.properties").setLevel(Level.WARN);
        context.getLogger("org.apache.camel.main").setLevel(Level.WARN);
        context.getLogger("org.apache.camel.Tracing").setLevel(Level.INFO);
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(level("LOG_LEVEL_CAMEL", Level.WARN));
        root.addAppender(appender);
    }

    private static Level level(String variable, Level usual) {
        String property = System.getProperty(variable);
        String written = property != null ? property : System.getenv(variable);
        return written == null || written.isEmpty() ? usual : Level.toLevel(written);
    }
}
