package org.clientproxy.observe;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.util.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** The same as {@link StatusJson}, for people at a terminal. */
final class StatusText {
    private StatusText() {}

    static String of(JsonObject status) {
        StringBuilder text = new StringBuilder();
        for (JsonObject proxy : list(status, "proxies")) {
            append(proxy, text);
        }
        return text.toString();
    }

    private static void append(JsonObject proxy, StringBuilder text) {
        line(text, proxy, "{domain} ({name})");
        if (proxy.containsKey("failure")) {
            line(text, proxy, "  {failure}");
            return;
        }
        line(text, object(proxy, "stream"), "  stream    {state}; connections: {connections}, failures: {failures}");
        if (object(proxy, "stream").get("lastFailure") != null) {
            line(text, object(proxy, "stream"), "  trouble   {lastFailure}");
        }
        line(
                text,
                proxy,
                "  requests  {requests}: {results} results, {errors} errors, {refused} refused,"
                        + " {pending} pending, {retries} retries; paused: {paused}");
        line(text, proxy, "  reverse   {reverse}");
        line(text, proxy, "  messages  of requesters: {messages}; to requesters: {reverseMessages}");
        line(text, proxy, "  queue     {queued} wait for a resource; refused for want of one: {queueRefusals}");
        if (proxy.get("cluster") != null) {
            line(
                    text,
                    object(proxy, "cluster"),
                    "  cluster   node {node} of {nodes}, sees {members}, stream at {streams}, acting: {acting};"
                            + " {owned} owned, {held} held, {unprotected} unprotected");
        }
        if (proxy.get("presence") != null) {
            line(
                    text,
                    object(proxy, "presence"),
                    "  presence  shown: {shown}, {subscribers} subscribers, {relayed} relayed");
        }
        line(text, proxy, "  drops     {drops}");
        line(text, proxy, "  pool      {target}, known: {poolConfirmed}");
        for (JsonObject resource : list(proxy, "resources")) {
            line(
                    text,
                    resource,
                    "    {resource}  requests={requests} results={results} errors={errors} unanswered={unanswered}"
                            + " pending={pending} capacity={capacity} priority={priority} timeouts={timeouts}"
                            + " state={state}");
            if (resource.get("features") != null) {
                line(text, object(resource, "features"), "      features {known}, {count}: {names}");
            }
        }
        line(text, proxy, "  last errors");
        for (JsonObject error : list(proxy, "lastErrors")) {
            line(text, error, "    {time}  {about}  {what}");
        }
    }

    private static List<JsonObject> list(JsonObject from, String key) {
        return ((List<?>) Objects.requireNonNull(from.get(key)))
                .stream().map(JsonObject.class::cast).toList();
    }

    private static JsonObject object(JsonObject from, String key) {
        return (JsonObject) Objects.requireNonNull(from.get(key));
    }

    /** What others have named may hold line breaks, which would forge lines, and braces, which mean nothing in it. */
    private static void line(StringBuilder text, JsonObject from, String format) {
        int at = 0;
        for (int open = format.indexOf('{'); open >= 0; open = format.indexOf('{', at)) {
            int close = format.indexOf('}', open);
            text.append(format, at, open).append(word(from.get(format.substring(open + 1, close))));
            at = close + 1;
        }
        text.append(format, at, format.length()).append('\n');
    }

    private static String word(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            StringBuilder words = new StringBuilder();
            map.forEach((key, each) -> words.append(words.length() == 0 ? "" : " ")
                    .append(key)
                    .append('=')
                    .append(each));
            return words.toString();
        }
        return value == null ? "-" : value.toString().replaceAll("[\\p{Cntrl}\\u2028\\u2029]", "?");
    }
}
