"""A component that answers each request with its own payload, on slixmpp. Its only argument is the server's port."""

import asyncio
import copy
import os
import sys

import slixmpp
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import StanzaPath


class Echo(slixmpp.ComponentXMPP):
    def __init__(self, port):
        super().__init__("proxy.localhost", os.environ["XMPP_SECRET"], "127.0.0.1", port)
        self.register_handler(Callback("echo", StanzaPath("iq@type=get"), self.echo))

    def echo(self, iq):
        reply = iq.reply()
        for child in iq.xml:
            reply.append(copy.deepcopy(child))
        reply.send()


if __name__ == "__main__":
    component = Echo(int(sys.argv[1]))
    component.connect()
    asyncio.get_event_loop().run_forever()
