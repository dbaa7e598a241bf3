package org.clientproxy.proxy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.clientproxy.xmpp.Stanza;

/** How the service shows itself to users, for the reference model. */
record ModelShown(boolean available, String show, String caps) {
    static final ModelShown UNAVAILABLE = new ModelShown(false, "", "");

    private static final Pattern SHOW = Pattern.compile("<show>([a-z]+)</show>");
    private static final Pattern CAPS = Pattern.compile("<c xmlns='http://jabber.org/protocol/caps'[^>]*>");
    private static final Pattern ATTRIBUTE = Pattern.compile(" (hash|ver|node)='([^']*)'");
    private static final List<String> BEST_FIRST = List.of("away", "xa", "dnd");

    /** That of a service of sessions that say this, of whom there is one at least. */
    static ModelShown of(List<ModelPresence> resources) {
        int best = resources.stream()
                .mapToInt(each -> BEST_FIRST.indexOf(String.valueOf(each.show())))
                .min()
                .orElseThrow();
        long different = resources.stream().map(ModelPresence::caps).distinct().count();
        ModelCaps caps = resources.get(0).caps();
        return new ModelShown(
                true,
                best < 0 ? "" : BEST_FIRST.get(best),
                different > 1 || caps == null ? "" : attributes(caps.xml()));
    }

    /** That of a presence that is sent. */
    static ModelShown of(Stanza sent) {
        String content = new String(sent.content(), StandardCharsets.UTF_8);
        Matcher show = SHOW.matcher(content);
        Matcher caps = CAPS.matcher(content);
        return new ModelShown(
                sent.type() == null, show.find() ? show.group(1) : "", caps.find() ? attributes(caps.group()) : "");
    }

    private static String attributes(String caps) {
        List<String> all = ATTRIBUTE
                .matcher(caps)
                .results()
                .map(each -> each.group(1) + '=' + each.group(2))
                .sorted()
                .toList();
        return all.toString();
    }
}
