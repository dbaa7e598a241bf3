package org.clientproxy.config;

/** What is wrong, from an exception to a line for an operator. */
public final class FailureText {
    private FailureText() {}

    /** The failure that says most: what is wrong with the settings is said in words of ours, otherwise it is the innermost one. */
    public static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while (!(cause instanceof IllegalArgumentException) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** Its message in one line, or what it is where it has none. */
    public static String oneLine(Throwable failure) {
        return failure.getMessage() == null
                ? failure.toString()
                : failure.getMessage().replace("\n", "; ");
    }
}
