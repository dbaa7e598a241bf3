package org.clientproxy.proxy.reload;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.service.ServiceSupport;
import org.clientproxy.proxy.settings.WrongConfigurationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes edits of the route files into the running proxy. An edit is tried in a scratch context first; then the routes of the files that changed are replaced. What
 * is wrong with an edit is reported once, and the routes before it go on.
 */
public final class RouteReload extends ServiceSupport {
    private static final Logger LOG = LoggerFactory.getLogger(RouteReload.class);

    private final CamelContext context;
    private final EditPoll<SortedMap<String, String>> poll;
    private final RouteFiles files;
    private final RouteTrial trial;
    private final RouteSwap swap;
    private final Consumer<String> report;
    private final Map<String, List<RouteDefinition>> routes = new HashMap<>();
    private SortedMap<String, String> taken = Collections.emptySortedMap();
    private @Nullable String correlate;
    private @Nullable SortedMap<String, String> rejected;
    private @Nullable SortedMap<String, String> waiting;
    private @Nullable String unreadable;

    /** @param report gets what an operator is to read of an edit that is not taken */
    public RouteReload(
            CamelContext context, RouteFiles files, RouteTrial trial, RouteSwap swap, Consumer<String> report) {
        this.context = context;
        this.poll = new EditPoll<>(context, "the route files", this::read, this::take);
        this.files = files;
        this.trial = trial;
        this.swap = swap;
        this.report = report;
    }

    /**
     * Loads the files for the first time, before the context is started.
     *
     * @throws WrongConfigurationException where something is wrong with them; it says what
     */
    public void load() {
        try {
            loadAll();
        } catch (Exception e) {
            throw new WrongConfigurationException(reason(e), e);
        }
    }

    private void loadAll() throws Exception {
        SortedMap<String, String> texts = files.read(context);
        List<RouteDefinition> all = new ArrayList<>();
        for (var file : texts.entrySet()) {
            List<RouteDefinition> read = RouteFiles.routes(context, file.getKey(), file.getValue());
            all.addAll(read);
            RouteDefinition correlation = RouteFiles.find(read, files.id("correlate"));
            if (correlation != null) {
                correlate = text(correlation);
                read.remove(correlation);
            }
            routes.put(file.getKey(), read);
        }
        files.check(all);
        files.checkFree(context, all);
        context.getCamelContextExtension().getContextPlugin(Model.class).addRouteDefinitions(all);
        taken = texts;
    }

    @Override
    protected void doStart() {
        poll.start();
    }

    @Override
    protected void doStop() {
        poll.stop();
    }

    /** The ids of the routes of the files, in their order. To be called before the start, or after the stop. */
    public List<String> routeIds() {
        return routes.values().stream()
                .flatMap(List::stream)
                .map(RouteDefinition::getRouteId)
                .toList();
    }

    private @Nullable SortedMap<String, String> read() {
        try {
            SortedMap<String, String> now = files.read(context);
            unreadable = null;
            return now;
        } catch (Exception e) {
            if (!reason(e).equals(unreadable)) {
                unreadable = reason(e);
                reject(e);
            }
            return null;
        }
    }

    private void take(SortedMap<String, String> now) {
        if (now.equals(taken) || now.equals(rejected)) {
            return;
        }
        Set<String> changed = new TreeSet<>(taken.keySet());
        changed.addAll(now.keySet());
        changed.removeIf(file -> Objects.equals(now.get(file), taken.get(file)));
        try {
            trial.run(now);
            if (replace(changed, now)) {
                taken = now;
                rejected = null;
                waiting = null;
                LOG.info("taken from the route files: {}", changed);
            } else if (!now.equals(waiting)) {
                waiting = now;
                LOG.warn(
                        "an edit of {} waits: requests are away at the gate, or the network thread is busy, for so long;"
                                + " will try again",
                        changed);
            }
        } catch (Exception e) {
            if (!context.isStarted()) {
                LOG.debug("an edit came too late, the next start takes it", e);
                return;
            }
            rejected = now;
            reject(e);
        }
    }

    private boolean replace(Set<String> changed, SortedMap<String, String> now) throws Exception {
        List<RouteDefinition> before = new ArrayList<>();
        List<RouteDefinition> after = new ArrayList<>();
        Map<String, List<RouteDefinition>> edited = new HashMap<>();
        for (String file : changed) {
            before.addAll(routes.getOrDefault(file, List.of()));
            String text = now.get(file);
            if (text != null) {
                List<RouteDefinition> read = RouteFiles.routes(context, file, text);
                RouteDefinition correlation = RouteFiles.find(read, files.id("correlate"));
                if (correlation != null && !Objects.equals(text(correlation), correlate)) {
                    LOG.warn(
                            "the route {} was edited; it holds the pending requests, so the edit waits for a restart",
                            correlation.getRouteId());
                }
                read.remove(correlation);
                edited.put(file, read);
                after.addAll(read);
            }
        }
        List<RouteDefinition> free = new ArrayList<>(after);
        free.removeIf(route -> RouteFiles.find(before, route.getRouteId()) != null);
        files.checkFree(context, free);
        if (!swap.replace(before, after)) {
            return false;
        }
        routes.keySet().removeAll(changed);
        routes.putAll(edited);
        return true;
    }

    private void reject(Exception failure) {
        LOG.debug("the whole failure", failure);
        String text = "an edit of the route files is not taken, the routes before it go on: " + reason(failure);
        LOG.error("{}", text);
        report.accept(text);
    }

    /** A route in some form in which it can be compared. */
    private String text(RouteDefinition route) throws Exception {
        return PluginHelper.getModelToXMLDumper(context).dumpModelAsXml(context, route, false, false, false);
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        String deepest = String.valueOf(cause.getMessage() == null ? cause : cause.getMessage());
        String whole = String.valueOf(failure.getMessage());
        // Camel says where it is in the first one, and what it is in the last.
        return failure.getMessage() == null || whole.contains(deepest) ? whole : whole + ": " + deepest;
    }
}
