package org.clientproxy.check;

/** What is looked at. The names stay as they are, for scripts may look for them. */
enum Matter {
    CONFIGURATION("configuration"),
    ROUTES("routes"),
    DATA_DIRECTORY("data directory"),
    RUNNING_INSTANCE("running instance"),
    MANAGEMENT("management server"),
    LOOK_UP("name look-up"),
    CONNECTION("connection"),
    TLS("TLS"),
    DOMAIN("domain"),
    SECRET("secret"),
    ROSTER("roster entry"),
    SESSIONS("sessions"),
    CLOCK("clock");

    private final String words;

    Matter(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
