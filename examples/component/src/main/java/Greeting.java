import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaErrorException;

/** A component of an XMPP server that answers one kind of request, refuses the others, and leaves the rest alone. */
public final class Greeting extends RouteBuilder {
    public static void main(String[] arguments) throws Exception {
        Main main = new Main();
        main.configure().addRoutesBuilder(new Greeting());
        main.run(arguments);
    }

    @Override
    public void configure() {
        // Else Camel logs each refusal with its trace, so that strangers could fill the log.
        errorHandler(noErrorHandler());
        from("xmpp-component:{{service.domain}}?host={{service.host}}&port={{service.port}}&secret=RAW({{service.secret}})")
                .routeId("greeting")
                .choice()
                .when(xpath("/*[local-name()='iq' and @type='get']"
                        + "/*[local-name()='greeting' and namespace-uri()='urn:example:greeting']"))
                .setBody(constant("<greeting xmlns='urn:example:greeting'>Hello</greeting>"))
                .when(xpath("/*[local-name()='iq']"))
                .throwException(new StanzaErrorException(StanzaError.of(
                        StanzaError.Condition.FEATURE_NOT_IMPLEMENTED, "This service knows greetings alone.")));
    }
}
