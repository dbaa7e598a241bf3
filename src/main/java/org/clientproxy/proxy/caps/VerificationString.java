package org.clientproxy.proxy.caps;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.clientproxy.proxy.caps.DiscoInfo.Field;
import org.clientproxy.proxy.caps.DiscoInfo.Form;
import org.clientproxy.proxy.caps.DiscoInfo.Identity;

/**
 * What is hashed of an answer (XEP-0115 §5.1): its parts in an order that everybody comes to, each closed by {@code <}.
 *
 * <p>The parts are not told apart in it. So two answers may have one string: what is a feature in the one is a part of an
 * identity or a form in the other. Whoever can find such an answer to the string of others could make features of theirs
 * disappear, with a hash that is right. That a string {@linkplain #isClear is clear} rules it out.
 */
public final class VerificationString {
    /** In octets, as unsigned numbers: the collation {@code i;octet} (RFC 4790 §9.3). */
    private static final Comparator<String> OCTETS = (one, other) ->
            Arrays.compareUnsigned(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));

    // No namespace begins with two such words and a slash between them: those that have slashes have a colon before.
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9._-]+");
    private static final Pattern LANGUAGE = Pattern.compile("[A-Za-z0-9-]*");

    private final List<Identity> identities;
    private final List<String> features;
    private final List<Form> forms;

    private VerificationString(DiscoInfo info) {
        this.identities = sorted(
                info.identities(),
                Comparator.comparing(Identity::category, OCTETS)
                        .thenComparing(Identity::type, OCTETS)
                        .thenComparing(Identity::lang, OCTETS)
                        .thenComparing(Identity::name, OCTETS));
        this.features = sorted(info.features(), OCTETS);
        this.forms = sorted(
                info.forms().stream().map(VerificationString::sorted).toList(),
                Comparator.comparing(Form::type, OCTETS));
    }

    public static VerificationString of(DiscoInfo info) {
        return new VerificationString(info);
    }

    /**
     * Whether no answer that an honest program gives has this string but this one. It is not for sure where a part holds the
     * mark between parts, where an identity could be a feature, or where the first form could be the last features.
     */
    public boolean isClear() {
        return !hasMarks() && identities.stream().allMatch(VerificationString::isPlain) && !mayBeginWithFeatures(forms);
    }

    /** Whether a part holds the mark between parts, so that nobody who is careful believes its hash. */
    public boolean hasMarks() {
        return parts().stream().anyMatch(part -> part.indexOf('<') >= 0);
    }

    private static boolean isPlain(Identity identity) {
        return WORD.matcher(identity.category()).matches()
                && WORD.matcher(identity.type()).matches()
                && LANGUAGE.matcher(identity.lang()).matches();
    }

    /**
     * Whether the first form could be made of the last features. Then its type comes behind the features, and behind the type
     * comes another feature, or the type of an honest form, which is a namespace, or nothing.
     */
    private boolean mayBeginWithFeatures(List<Form> all) {
        if (all.isEmpty()) {
            return false;
        }
        Form first = all.get(0);
        if (!features.isEmpty() && OCTETS.compare(features.get(features.size() - 1), first.type()) > 0) {
            return false;
        }
        String next = first.fields().isEmpty() ? null : first.fields().get(0).name();
        return next == null || next.indexOf(':') >= 0 || OCTETS.compare(first.type(), next) < 0;
    }

    private List<String> parts() {
        List<String> parts = new ArrayList<>();
        for (Identity identity : identities) {
            parts.add(identity.category() + '/' + identity.type() + '/' + identity.lang() + '/' + identity.name());
        }
        parts.addAll(features);
        for (Form form : forms) {
            parts.add(form.type());
            for (Field field : form.fields()) {
                parts.add(field.name());
                parts.addAll(field.values());
            }
        }
        return parts;
    }

    private static Form sorted(Form form) {
        List<Field> fields = form.fields().stream()
                .map(field -> new Field(field.name(), sorted(field.values(), OCTETS)))
                .sorted(Comparator.comparing(Field::name, OCTETS))
                .toList();
        return new Form(form.type(), fields);
    }

    private static <T> List<T> sorted(Iterable<T> all, Comparator<? super T> order) {
        List<T> sorted = new ArrayList<>();
        all.forEach(sorted::add);
        sorted.sort(order);
        return sorted;
    }

    /** The string itself. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        parts().forEach(part -> text.append(part).append('<'));
        return text.toString();
    }
}
