package org.clientproxy.config;
import org.clientproxy.proxy.settings.SelectionPolicy;
import org.clientproxy.proxy.settings.PendingKind;
import org.clientproxy.proxy.settings.EncodedFrom;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.jat.JatKeys;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.namespace.NamespaceContext;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Namespaces;
import org.jspecify.annotations.Nullable;

/**
 * How the values of keys are written. Each parser throws {@link IllegalArgumentException}, or
 * {@link ArithmeticException} where a number is too large, at what is not allowed.
 */
public final class ConfigValues {
    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,15})\\s*([A-Za-z]*)");
    private static final Map<String, Long> MILLIS =
            Map.of("", 1L, "ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);
    private static final Map<String, Long> OCTETS = Map.of(
            "",
            1L,
            "B",
            1L,
            "KiB",
            1L << 10,
            "MiB",
            1L << 20,
            "GiB",
            1L << 30,
            "kB",
            1_000L,
            "MB",
            1_000_000L,
            "GB",
            1_000_000_000L);

    private ConfigValues() {}

    /** A duration such as {@code 5s} or {@code 2m}; a bare number is milliseconds. */
    static Duration duration(String text) {
        return Duration.ofMillis(amount(text, MILLIS));
    }

    /** A size such as {@code 512KiB}; a bare number is octets. */
    static long size(String text) {
        return amount(text, OCTETS);
    }

    static int number(String text) {
        if (!text.matches("-?\\d{1,9}")) {
            throw new IllegalArgumentException("no whole number, or too large");
        }
        return Integer.parseInt(text);
    }

    /** What may stand in an endpoint's URI as it is; the resolver says whether there is such a host. */
    static String host(String text) {
        if (text.matches("\\[[0-9A-Fa-f:.]+]")) {
            return text.substring(1, text.length() - 1);
        }
        if (!text.matches("[\\p{L}\\p{M}\\p{N}._:-]+")) {
            throw new IllegalArgumentException("no name of a host");
        }
        return text;
    }

    static List<String> jatKeys(String text) {
        List<String> keys = list(text);
        keys.forEach(key -> JatKeys.decode(key, "it"));
        return keys;
    }

    static Jid domain(String text) {
        Jid jid = Jid.normalised(text);
        if (isNoDomain(jid)) {
            throw new IllegalArgumentException("an address, not a domain");
        }
        return jid;
    }

    static Jid account(String text) {
        Jid jid = Jid.normalised(text);
        if (jid.local() == null || jid.isFull()) {
            throw new IllegalArgumentException("not a bare address");
        }
        return jid;
    }

    /** Domains, bare and full addresses, and {@code *.domain} for a domain with all below it. */
    public static List<Jid> addresses(String text) {
        return list(text).stream().map(ConfigValues::rule).toList();
    }

    private static Jid rule(String text) {
        Jid rule = Jid.normalised(text);
        String domain = rule.domain();
        boolean below = domain.startsWith(ProxySettings.BELOW);
        if ("*".equals(rule.local()) || domain.indexOf('*', below ? 1 : 0) >= 0 || below && isNoDomain(rule)) {
            throw new IllegalArgumentException("a * stands for something in *.domain only, at " + text);
        }
        return rule;
    }

    private static boolean isNoDomain(Jid jid) {
        return jid.local() != null || jid.isFull();
    }

    static List<String> list(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    static List<String> routes(String text) {
        if (list(text).isEmpty()) {
            throw new IllegalArgumentException("empty");
        }
        return list(text);
    }

    static String notEmpty(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("empty");
        }
        return text;
    }

    static int stanzaSize(String text) {
        long size = size(text);
        if (size < 10_000 || size > 64 << 20) {
            throw new IllegalArgumentException("out of range");
        }
        return (int) size;
    }

    static long pendingSize(String text) {
        long size = size(text);
        if (size < 10_000) {
            throw new IllegalArgumentException("out of range");
        }
        return size;
    }

    static boolean bool(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException();
        }
        return text.equals("true");
    }

    static Path path(String text) {
        return ConfigFile.path(notEmpty(text));
    }

    static SelectionPolicy selection(String text) {
        return Arrays.stream(SelectionPolicy.values())
                .filter(policy -> policy.key().equals(text))
                .findFirst()
                .orElseThrow(IllegalArgumentException::new);
    }

    static PendingKind pending(String text) {
        return Arrays.stream(PendingKind.values())
                .filter(kind -> kind.key().equals(text))
                .findFirst()
                .orElseThrow(IllegalArgumentException::new);
    }

    static EncodedFrom encodedFrom(String text) {
        return Arrays.stream(EncodedFrom.values())
                .filter(form -> form.key().equals(text))
                .findFirst()
                .orElseThrow(IllegalArgumentException::new);
    }

    static String xpath(String text) {
        try {
            if (!text.isEmpty()) {
                XPath xpath = XPathFactory.newDefaultInstance().newXPath();
                // Without a context an undeclared prefix would show at the first request only.
                xpath.setNamespaceContext(new NoPrefixes());
                xpath.compile(text);
            }
            return text;
        } catch (XPathExpressionException e) {
            throw new IllegalArgumentException(
                    Objects.requireNonNullElse(e.getMessage(), "no XPath")
                            .lines()
                            .findFirst()
                            .orElse(""),
                    e);
        }
    }

    private static long amount(String text, Map<String, Long> units) {
        Matcher matcher = AMOUNT.matcher(text);
        Long unit = matcher.matches() ? units.get(matcher.group(2)) : null;
        if (unit == null) {
            throw new IllegalArgumentException("neither a number nor a number with a unit");
        }
        return Math.multiplyExact(Long.parseLong(matcher.group(1)), unit);
    }

    /** No prefix is declared but the one that always is. */
    private static final class NoPrefixes implements NamespaceContext {
        @Override
        public @Nullable String getNamespaceURI(String prefix) {
            return prefix.equals("xml") ? Namespaces.XML : null;
        }

        @Override
        public @Nullable String getPrefix(String namespace) {
            return null;
        }

        @Override
        public Iterator<String> getPrefixes(String namespace) {
            return Collections.emptyIterator();
        }
    }
}
