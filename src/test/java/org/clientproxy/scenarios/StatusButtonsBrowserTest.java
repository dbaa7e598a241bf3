package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The buttons of the status page, pressed in a real browser. */
class StatusButtonsBrowserTest {
    private static final String TOKEN = "0perate-by-this-t0ken";

    @TempDir
    Path directory;

    @Test
    void thePageAsksForTheTokenOnceAndTellsTheProxy() throws Exception {
        Browser.require();
        try (ObservedProxy proxy = new ObservedProxy(Map.of("management.token", TOKEN));
                Worker worker = proxy.worker("a");
                Browser browser = new Browser(directory, proxy.url())) {
            browser.await("document.querySelectorAll('button[data-order]').length === 3");
            press(browser, "retire");
            browser.await("document.getElementById('ask').open");
            type(browser, "a-wrong-token-0123");
            browser.await("document.getElementById('done').textContent.includes('The token is not that of')");
            press(browser, "retire");
            browser.await("document.getElementById('ask').open");
            type(browser, TOKEN);
            browser.await("document.getElementById('done').textContent.includes('worker@localhost/" + worker.resource
                    + " gets no new requests')");
            browser.await("document.querySelector('td[data-label=state]').textContent === 'retired'");
            // The token is known now.
            press(browser, "restore");
            browser.await("document.querySelector('td[data-label=state]').textContent === 'available'");
            press(browser, "pause");
            browser.await("document.getElementById('proxies').textContent.includes('New requests are refused')");
            press(browser, "resume");
            browser.await("!document.getElementById('proxies').textContent.includes('New requests are refused')");
            assertThat(proxy.ask().type()).isEqualTo("result");
            assertThat(browser.evaluate("document.documentElement.outerHTML + location.href + document.cookie"))
                    .doesNotContain(TOKEN);
        }
    }

    private static void press(Browser browser, String operation) throws Exception {
        browser.evaluate("[...document.querySelectorAll('button[data-order]')].find(b => b.textContent === '"
                + operation + "').click()");
    }

    private static void type(Browser browser, String token) throws Exception {
        browser.evaluate("document.getElementById('token').value = '" + token
                + "'; document.querySelector('#ask form').requestSubmit()");
    }
}
