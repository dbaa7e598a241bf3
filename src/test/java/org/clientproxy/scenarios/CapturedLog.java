package org.clientproxy.scenarios;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What is logged between its start and its end, as it would stand in a file: each event whole, its exception too. */
public final class CapturedLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final Logger logger;
    private final Level before;
    private final PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    private final List<Appender<ILoggingEvent>> others = new ArrayList<>();
    private final List<String> events = new CopyOnWriteArrayList<>();

    private CapturedLog(String name, Level level, String pattern) {
        LoggerContext loggers = (LoggerContext) LoggerFactory.getILoggerFactory();
        logger = loggers.getLogger(name);
        before = logger.getLevel();
        encoder.setContext(loggers);
        encoder.setPattern(pattern);
        encoder.start();
        setContext(loggers);
        start();
        logger.setLevel(level);
        logger.setAdditive(false);
        logger.iteratorForAppenders().forEachRemaining(others::add);
        others.forEach(logger::detachAppender);
        logger.addAppender(this);
    }

    /** What this program says at this level and above. */
    public static CapturedLog ofUs(Level level) {
        return new CapturedLog("org.clientproxy", level, "%level %msg%n%ex");
    }

    /** What {@code camel.main.tracing=true} prints. */
    static CapturedLog ofTracing() {
        return new CapturedLog("org.apache.camel.Tracing", Level.INFO, "%msg%n%ex");
    }

    /** What Camel says while it stops routes. */
    static CapturedLog ofCamelsStop() {
        return new CapturedLog("org.apache.camel.impl.engine.DefaultShutdownStrategy", Level.DEBUG, "%level %msg%n%ex");
    }

    /** What this program and its libraries say, all of it. */
    public static CapturedLog ofAll() {
        return new CapturedLog(Logger.ROOT_LOGGER_NAME, Level.TRACE, "%level %logger %msg%n%ex");
    }

    @Override
    protected void append(ILoggingEvent event) {
        events.add(new String(encoder.encode(event), StandardCharsets.UTF_8));
    }

    /** So far. */
    public List<String> events() {
        return List.copyOf(events);
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        others.forEach(logger::addAppender);
        logger.setLevel(before);
        logger.setAdditive(true);
        stop();
    }
}
