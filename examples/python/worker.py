"""An implementing client with slixmpp: answers <greeting xmlns='urn:example:greeting'/>, and nothing else.

    WORKER_PASSWORD=... python3 worker.py worker@localhost/a proxy.localhost [HOST:PORT]

With HOST:PORT it does without TLS, for a server on the same machine or in the same compose file; leave it out for any other.
"""
import asyncio
import os
import sys
import xml.etree.ElementTree as ET

import slixmpp
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath

NAMESPACE = "urn:example:greeting"


def host_and_port(text):
    host, port = text.rsplit(":", 1)
    return host, int(port)


class Greeting(slixmpp.ClientXMPP):
    def __init__(self, jid, password, proxy, address):
        super().__init__(jid, password)
        self.proxy = proxy
        self.address = address
        self.auto_authorize = None  # we decide who sees our presence
        self.auto_subscribe = False
        self.add_event_handler("session_start", self.start)
        self.add_event_handler("roster_subscription_request", self.authorize)
        self.add_event_handler("failed_all_auth", self.give_up)
        self.add_event_handler("disconnected", lambda event: self.go())
        wanted = "{jabber:client}iq/{%s}greeting" % NAMESPACE
        self.register_handler(Callback("greeting", MatchXPath(wanted), self.greet))

    def go(self):
        if self.address:
            self.connect(self.address, disable_starttls=True)
        else:
            self.connect()

    def start(self, event):
        self.send_presence()
        print("there as", self.boundjid.full, flush=True)

    def authorize(self, presence):
        if presence["from"].bare == self.proxy:
            self.send_presence(pto=self.proxy, ptype="subscribed")

    def give_up(self, event):
        sys.exit("the server refuses the password")

    def greet(self, iq):
        if iq["type"] != "get" or iq["from"].domain != self.proxy:
            iq.unhandled()
            return
        reply = iq.reply()
        element = ET.Element("{%s}greeting" % NAMESPACE)
        element.text = "Hello from " + self.boundjid.resource
        reply.append(element)
        reply.send()


if __name__ == "__main__":
    jid, proxy, *rest = sys.argv[1:]
    address = host_and_port(rest[0]) if rest else None
    client = Greeting(jid, os.environ["WORKER_PASSWORD"], proxy, address)
    client["feature_mechanisms"].unencrypted_plain = bool(address)
    client.go()
    asyncio.get_event_loop().run_forever()
