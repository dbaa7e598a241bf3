package org.clientproxy;

import java.util.Objects;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.PropertyBindingException;
import org.clientproxy.config.FailureText;
import org.clientproxy.proxy.settings.WrongConfigurationException;
import org.jspecify.annotations.Nullable;

/** Why the program cannot start, for an operator, and for whoever would start it again. */
final class StartFailure {
    private StartFailure() {}

    /** The reason in a line, which may hold what a key is set to. */
    static String words(Throwable failure) {
        PropertyBindingException binding = find(failure, PropertyBindingException.class);
        if (binding != null && binding.getOptionKey() != null) {
            return binding.getOptionPrefix() + binding.getOptionKey() + "=" + binding.getValue()
                    + ": Camel has no such key, or it does not take this value";
        }
        Throwable cause = FailureText.cause(failure);
        return Objects.requireNonNullElse(cause.getMessage(), "" + cause);
    }

    /** Whether somebody must change the configuration, of which route files are a part, so that no restart helps. */
    static boolean isWrongConfiguration(Throwable failure) {
        return find(failure, WrongConfigurationException.class) != null
                || find(failure, PropertyBindingException.class) != null
                || find(failure, FailedToCreateRouteException.class) != null;
    }

    private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> kind) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (kind.isInstance(each)) {
                return kind.cast(each);
            }
        }
        return null;
    }
}
