package org.clientproxy.proxy.caps;

import java.util.List;
import java.util.Set;

/**
 * What somebody answers to the question what it is and can (XEP-0030 §3), with its forms (XEP-0128).
 *
 * @param identities no two are equal
 * @param forms those with a type; no two have the same
 */
public record DiscoInfo(List<Identity> identities, Set<String> features, List<Form> forms) {
    /** A missing attribute is empty. */
    public record Identity(String category, String type, String lang, String name) {}

    /**
     * A form that says of what type it is.
     *
     * @param type the value of {@code FORM_TYPE}
     * @param fields all others, in the order in which they came
     */
    public record Form(String type, List<Field> fields) {}

    public record Field(String name, List<String> values) {}
}
