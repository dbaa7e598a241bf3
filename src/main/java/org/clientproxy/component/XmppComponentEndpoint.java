package org.clientproxy.component;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedResource;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.clientproxy.stream.ComponentStream;
import org.clientproxy.stream.StreamSettings;
import org.clientproxy.stream.StreamState;

/** Be an external component of an XMPP server (XEP-0114): receive and send the stanzas of a domain. */
@ManagedResource(description = "XMPP component endpoint")
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "xmpp-component",
        title = "XMPP (XEP-0114)",
        syntax = "xmpp-component:domain",
        category = {Category.CHAT, Category.MESSAGING},
        headersClass = XmppComponentConstants.class)
public class XmppComponentEndpoint extends DefaultEndpoint {
    @UriPath(description = "The domain of the component, as the server knows it.")
    @Metadata(required = true)
    private String domain;

    @UriParam(defaultValue = "localhost", description = "Host name or IP address of the XMPP server.")
    private String host = "localhost";

    @UriParam(defaultValue = "5347", description = "The server's port for components.")
    private int port = 5347;

    @UriParam(label = "security", secret = true, description = "The secret that the server has for the component.")
    @Metadata(required = true)
    private String secret;

    @UriParam(
            label = "security",
            description = "TLS to the server, version 1.2 or later. The server's certificate and name are verified.")
    private SSLContextParameters sslContextParameters;

    @UriParam(
            label = "security",
            defaultValue = "true",
            description = "Whether the server's certificate must be for the host that is connected to.")
    private boolean hostnameVerification = true;

    @UriParam(
            defaultValue = "10s",
            javaType = "java.time.Duration",
            description = "How long it may take to make a TCP connection.")
    private long connectTimeout = 10_000;

    @UriParam(
            defaultValue = "200ms",
            javaType = "java.time.Duration",
            description = "The delay before the first reconnect. It is jittered.")
    private long reconnectDelay = 200;

    @UriParam(
            defaultValue = "30s",
            javaType = "java.time.Duration",
            description = "The longest delay between two reconnects.")
    private long reconnectMaxDelay = 30_000;

    @UriParam(defaultValue = "2", description = "By what each delay is longer than the one before.")
    private double reconnectMultiplier = 2;

    @UriParam(
            defaultValue = "524288",
            description =
                    "The largest stanza that is read whole or sent, in octets. Prosody ends the stream at larger ones.")
    private int maxStanzaSize = 512 * 1024;

    @UriParam(
            defaultValue = "60s",
            javaType = "java.time.Duration",
            description = "How long the server may be silent before it is pinged.")
    private long keepAlive = 60_000;

    @UriParam(
            defaultValue = "false",
            description =
                    "Whether Openfire is to take further connections of this component beside this one, by the attribute"
                            + " allowMultiple of the stream's header. Other servers pass over it.")
    private boolean allowMultiple;

    @UriParam(
            label = "producer",
            defaultValue = "60s",
            javaType = "java.time.Duration",
            description = "How long an InOut producer awaits the reply to its request.")
    private long requestTimeout = 60_000;

    @UriParam(
            label = "consumer,advanced",
            defaultValue = "true",
            description =
                    "Whether a received message has headers that say what its stanza says. A route that does not need"
                            + " them is faster without.")
    private boolean stanzaHeaders = true;

    public XmppComponentEndpoint(String uri, XmppComponent component) {
        super(uri, component);
        setExchangePattern(ExchangePattern.InOut);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        XmppComponentConsumer consumer = new XmppComponentConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public Producer createProducer() {
        return new XmppComponentProducer(this);
    }

    /**
     * The stream, which there is before the endpoint is started: for listeners. It belongs to its users; whoever wants to
     * keep it takes a {@link #use()}.
     *
     * @throws IllegalArgumentException that names the option that is wrong
     */
    public ComponentStream stream() {
        return getComponent().streams().get(settings()).stream();
    }

    /**
     * Takes a use of the stream, to be given back. It does not connect before somebody opens it.
     *
     * @throws IllegalArgumentException that names the option that is wrong
     */
    public StreamUse use() {
        return getComponent().streams().use(settings());
    }

    /** The stream, or null where nobody has wanted one since the last was closed. */
    ComponentStream present() {
        SharedStream shared = getComponent().streams().find(settings());
        return shared == null ? null : shared.stream();
    }

    @Override
    public XmppComponent getComponent() {
        return (XmppComponent) super.getComponent();
    }

    private StreamSettings settings() {
        check(secret != null && !secret.isEmpty(), "secret", "is missing; it is the one that the server has");
        check(port > 0 && port < 65536, "port", "is " + port + "; allowed are 1 to 65535");
        check(!host.isBlank(), "host", "is empty; it is the name of the server");
        check(connectTimeout > 0, "connectTimeout", "must be longer than nothing");
        check(keepAlive > 0, "keepAlive", "must be longer than nothing");
        check(reconnectDelay > 0, "reconnectDelay", "must be longer than nothing");
        check(reconnectMaxDelay >= reconnectDelay, "reconnectMaxDelay", "must not be shorter than reconnectDelay");
        check(reconnectMultiplier >= 1, "reconnectMultiplier", "must be 1 or more");
        check(
                maxStanzaSize >= 10_000,
                "maxStanzaSize",
                "is " + maxStanzaSize + "; XMPP wants 10000 at least (RFC 6120 §13.12)");
        return new StreamSettings(
                host,
                port,
                domain,
                secret,
                sslContext(),
                hostnameVerification,
                Duration.ofMillis(connectTimeout),
                Duration.ofMillis(reconnectDelay),
                Duration.ofMillis(reconnectMaxDelay),
                reconnectMultiplier,
                Duration.ofMillis(keepAlive),
                maxStanzaSize,
                allowMultiple);
    }

    private void check(boolean right, String option, String wrong) {
        if (!right) {
            throw new IllegalArgumentException("option " + option + " of xmpp-component:" + domain + " " + wrong);
        }
    }

    private SSLContext sslContext() {
        try {
            return sslContextParameters == null ? null : getComponent().sslContext(sslContextParameters);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException(
                    "option sslContextParameters of xmpp-component:" + domain + " cannot be used: " + e.getMessage(),
                    e);
        }
    }

    @ManagedAttribute(description = "State of the stream")
    public String getStreamState() {
        ComponentStream present = present();
        return (present == null ? StreamState.DISCONNECTED : present.state()).name();
    }

    @ManagedAttribute(description = "Why the stream is down")
    public String getLastFailure() {
        ComponentStream present = present();
        return present == null ? null : present.lastFailure();
    }

    @ManagedAttribute(description = "The domain of the component")
    public String getDomain() {
        return domain;
    }

    public void setDomain(String domain) {
        this.domain = domain;
    }

    @ManagedAttribute(description = "Host of the server")
    public String getHost() {
        return host;
    }

    public void setHost(String host) {
        this.host = host;
    }

    @ManagedAttribute(description = "Component port of the server")
    public int getPort() {
        return port;
    }

    public void setPort(int port) {
        this.port = port;
    }

    public String getSecret() {
        return secret;
    }

    public void setSecret(String secret) {
        this.secret = secret;
    }

    public SSLContextParameters getSslContextParameters() {
        return sslContextParameters;
    }

    public void setSslContextParameters(SSLContextParameters sslContextParameters) {
        this.sslContextParameters = sslContextParameters;
    }

    public boolean isHostnameVerification() {
        return hostnameVerification;
    }

    public void setHostnameVerification(boolean hostnameVerification) {
        this.hostnameVerification = hostnameVerification;
    }

    public long getConnectTimeout() {
        return connectTimeout;
    }

    public void setConnectTimeout(long connectTimeout) {
        this.connectTimeout = connectTimeout;
    }

    public long getReconnectDelay() {
        return reconnectDelay;
    }

    public void setReconnectDelay(long reconnectDelay) {
        this.reconnectDelay = reconnectDelay;
    }

    public long getReconnectMaxDelay() {
        return reconnectMaxDelay;
    }

    public void setReconnectMaxDelay(long reconnectMaxDelay) {
        this.reconnectMaxDelay = reconnectMaxDelay;
    }

    public double getReconnectMultiplier() {
        return reconnectMultiplier;
    }

    public void setReconnectMultiplier(double reconnectMultiplier) {
        this.reconnectMultiplier = reconnectMultiplier;
    }

    public int getMaxStanzaSize() {
        return maxStanzaSize;
    }

    public void setMaxStanzaSize(int maxStanzaSize) {
        this.maxStanzaSize = maxStanzaSize;
    }

    public long getKeepAlive() {
        return keepAlive;
    }

    public void setKeepAlive(long keepAlive) {
        this.keepAlive = keepAlive;
    }

    public boolean isAllowMultiple() {
        return allowMultiple;
    }

    public void setAllowMultiple(boolean allowMultiple) {
        this.allowMultiple = allowMultiple;
    }

    public boolean isStanzaHeaders() {
        return stanzaHeaders;
    }

    public void setStanzaHeaders(boolean stanzaHeaders) {
        this.stanzaHeaders = stanzaHeaders;
    }

    public long getRequestTimeout() {
        return requestTimeout;
    }

    public void setRequestTimeout(long requestTimeout) {
        this.requestTimeout = requestTimeout;
    }
}
