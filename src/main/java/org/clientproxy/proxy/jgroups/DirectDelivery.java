package org.clientproxy.proxy.jgroups;

import org.jgroups.Message;
import org.jgroups.protocols.TP;
import org.jgroups.util.MaxOneThreadPerSender;
import org.jgroups.util.MessageBatch;
import org.jgroups.util.PassRegularMessagesUpDirectly;

/**
 * Passes up what nodes say to each other on the thread that has read it from the connection, which only gives it to the loop: that saves
 * waking another thread. What JGroups says goes to its own threads as ever, for some of that waits for what comes by other
 * connections, or by the same. JGroups makes it, by its name.
 */
public final class DirectDelivery extends MaxOneThreadPerSender {
    /** What nodes say bears it; JGroups sets it nowhere, and nothing in the stack heeds it. */
    static final Message.Flag OURS = Message.Flag.NO_RELAY;

    private final PassRegularMessagesUpDirectly direct = new PassRegularMessagesUpDirectly();

    @Override
    public void init(TP transport) {
        super.init(transport);
        direct.init(transport);
    }

    @Override
    public boolean process(Message message, boolean oob) {
        return message.isFlagSet(OURS) ? direct.process(message, oob) : super.process(message, oob);
    }

    @Override
    public boolean process(MessageBatch batch, boolean oob) {
        for (Message message : batch) {
            if (!message.isFlagSet(OURS)) {
                return super.process(batch, oob);
            }
        }
        return direct.process(batch, oob);
    }
}
