#!/usr/bin/env python3
"""A worker: answers <greeting xmlns='urn:example:greeting'/> with slixmpp 1.8 (Debian: python3-slixmpp).

    XMPP_PASSWORD=... python3 greeting.py worker@example.org/a proxy.example.org

Start it as often as the load needs, each copy with another resource. XMPP_SERVER=HOST:PORT names the server where DNS does not;
XMPP_TLS=off is for a server on this machine.
"""
import asyncio
import os
import random
import sys

import slixmpp
from slixmpp.exceptions import XMPPError
from slixmpp.xmlstream import ElementBase, register_stanza_plugin
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import StanzaPath


class Greeting(ElementBase):
    name = plugin_attrib = "greeting"
    namespace = "urn:example:greeting"


register_stanza_plugin(slixmpp.Iq, Greeting)


class Worker(slixmpp.ClientXMPP):
    def __init__(self, jid, password, proxy):
        super().__init__(jid, password)
        self.proxy = proxy
        self.retry = None
        self.over = asyncio.get_running_loop().create_future()
        self.auto_authorize = None  # subscribe() decides
        # A ping now and then, for a connection may die without a word.
        self.register_plugin("xep_0199", {"keepalive": True, "interval": 60, "timeout": 20})
        # The one request that it answers; slixmpp refuses all others with an error.
        self.register_handler(Callback("greeting", StanzaPath("iq@type=get/greeting"), self.greet))
        self.add_event_handler("presence_subscribe", self.subscribe)
        self.add_event_handler("session_start", self.started)
        self.add_event_handler("stream_error", self.stream_error)
        self.add_event_handler("stream_negotiated", self.negotiated)
        self.add_event_handler("failed_all_auth", lambda event: say("the server refuses the password"))
        self.add_event_handler("connection_failed", self.again)
        self.add_event_handler("disconnected", self.again)

    def greet(self, iq):
        if iq["from"].bare != self.proxy:
            raise XMPPError("forbidden", etype="auth")  # whoever wants something asks the proxy
        reply = iq.reply()
        reply["greeting"].xml.text = "Hello from " + self.boundjid.resource
        reply.send()

    def subscribe(self, presence):
        """The proxy alone may see our presence."""
        who = presence["from"].bare
        self.send_presence(pto=who, ptype="subscribed" if who == self.proxy else "unsubscribed")

    async def started(self, event):
        await self.get_roster()  # else no request to see our presence comes
        self.send_presence()
        say("logged in as %s" % self.boundjid)

    def negotiated(self, event):
        if not self.authenticated:
            say("the server lets nobody log in without TLS (XMPP_TLS=off)")
            self.disconnect()

    def stream_error(self, error):
        """Two programs that both came back would take turns for ever."""
        if error["condition"] == "conflict" and not self.over.done():
            self.over.set_result("another program has logged in as %s; give each its own resource" % self.boundjid)

    def again(self, reason):
        """Connects again, some seconds from now, for ever."""
        say("no connection (%s); trying again" % (reason or "it was closed"))
        if self.retry:
            self.retry.cancel()
        self.retry = self.loop.call_later(random.uniform(2, 6), self.dial)

    def dial(self):
        host, _, port = os.environ.get("XMPP_SERVER", "").rpartition(":")
        tls = os.environ.get("XMPP_TLS") != "off"
        self.connect((host, int(port)) if port else None, force_starttls=tls, disable_starttls=not tls)


def say(what):
    print(what, file=sys.stderr, flush=True)


async def main(jid, proxy):
    worker = Worker(jid, os.environ["XMPP_PASSWORD"], proxy)
    worker.dial()
    return await worker.over  # until then, or until it is killed


if __name__ == "__main__":
    if len(sys.argv) != 3 or "XMPP_PASSWORD" not in os.environ:
        sys.exit(__doc__)
    sys.exit(asyncio.run(main(sys.argv[1], sys.argv[2])))
