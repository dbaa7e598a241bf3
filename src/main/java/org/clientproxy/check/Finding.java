package org.clientproxy.check;

/**
 * One line of the report.
 *
 * @param text what was found and, where something is wrong, what to do; one line, and never a secret
 */
record Finding(Level level, Matter matter, String text) {
    static Finding ok(Matter matter, String text) {
        return new Finding(Level.OK, matter, text);
    }

    static Finding warning(Matter matter, String text) {
        return new Finding(Level.WARNING, matter, text);
    }

    static Finding wrong(Matter matter, String text) {
        return new Finding(Level.WRONG, matter, text);
    }

    static Finding skipped(Matter matter, String text) {
        return new Finding(Level.SKIPPED, matter, text);
    }

    boolean isWrong() {
        return level == Level.WRONG;
    }

    /**
     * The line as it is printed.
     *
     * @param proxy which proxy it is about; empty where there is but one
     */
    String line(String proxy) {
        String about = proxy.isEmpty() ? "" : proxy + ' ';
        // What others have named may hold line ends, which would forge lines.
        return String.format("%-8s ", level) + about + matter + ": " + text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ");
    }
}
