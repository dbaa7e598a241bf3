package org.clientproxy.observe;

import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.console.DevConsole;
import org.apache.camel.console.DevConsoleRegistry;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;

/**
 * Camel's developer console, each page of which is {@link MaskedConsole}: whatever page there will be, it shows no secret.
 * Pages that do what their asker writes are not there, for what that may show nobody can know beforehand.
 */
final class MaskedConsoles extends ServiceSupport implements DevConsoleRegistry {
    /** They send to any endpoint, a method of any class included, or read from one. */
    private static final Set<String> WITHHELD = Set.of("send", "receive");

    /** Camel-main writes into this one, as a class of its own. */
    private static final String OF_CAMEL_MAIN = "main-configuration";

    private final DevConsoleRegistry all;
    private final Secrets secrets;

    private MaskedConsoles(DevConsoleRegistry all, Secrets secrets) {
        this.all = all;
        this.secrets = secrets;
    }

    /** Takes the place of the console where there is one. */
    static void install(CamelContext context, Secrets secrets) {
        DevConsoleRegistry all = context.getCamelContextExtension().getContextPlugin(DevConsoleRegistry.class);
        if (all != null && !(all instanceof MaskedConsoles)) {
            context.getCamelContextExtension()
                    .addContextPlugin(DevConsoleRegistry.class, new MaskedConsoles(all, secrets));
        }
    }

    @Override
    public Stream<DevConsole> stream() {
        return all.stream()
                .filter(each -> !WITHHELD.contains(each.getId()))
                .map(each -> new MaskedConsole(each, secrets));
    }

    @Override
    public @Nullable DevConsole resolveById(String id) {
        DevConsole found = WITHHELD.contains(id) ? null : all.resolveById(id);
        return found == null || id.equals(OF_CAMEL_MAIN) ? found : new MaskedConsole(found, secrets);
    }

    @Override
    public boolean register(DevConsole console) {
        return all.register(console);
    }

    @Override
    public boolean unregister(DevConsole console) {
        return all.unregister(console instanceof MaskedConsole masked ? masked.original() : console);
    }

    @Override
    public boolean isEnabled() {
        return all.isEnabled();
    }

    @Override
    public void setEnabled(boolean enabled) {
        all.setEnabled(enabled);
    }

    @Override
    public void loadDevConsoles() {
        all.loadDevConsoles();
    }

    @Override
    public void loadDevConsoles(boolean force) {
        all.loadDevConsoles(force);
    }

    @Override
    public String getId() {
        return all.getId();
    }

    @Override
    public void setId(String id) {
        all.setId(id);
    }

    @Override
    public CamelContext getCamelContext() {
        return all.getCamelContext();
    }

    @Override
    public void setCamelContext(CamelContext context) {
        all.setCamelContext(context);
    }

    @Override
    protected void doInit() {
        ServiceHelper.initService(all);
    }

    @Override
    protected void doStart() {
        ServiceHelper.startService(all);
    }

    @Override
    protected void doStop() {
        ServiceHelper.stopService(all);
    }
}
