import org.jivesoftware.whack.ExternalComponentManager;
import org.xmpp.component.AbstractComponent;
import org.xmpp.packet.IQ;

/** A component that answers each request with its own payload, on Whack. Its only argument is the server's port. */
final class WhackEcho extends AbstractComponent {
    public static void main(String[] arguments) throws Exception {
        ExternalComponentManager manager = new ExternalComponentManager("127.0.0.1", Integer.parseInt(arguments[0]));
        manager.setServerName("localhost");
        manager.setSecretKey("proxy", System.getenv("XMPP_SECRET"));
        manager.addComponent("proxy", new WhackEcho());
        Thread.currentThread().join();
    }

    @Override
    public String getName() {
        return "echo";
    }

    @Override
    public String getDescription() {
        return "echo";
    }

    @Override
    protected IQ handleIQGet(IQ request) {
        IQ result = IQ.createResultIQ(request);
        result.setChildElement(request.getChildElement().createCopy());
        return result;
    }
}
