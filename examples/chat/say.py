#!/usr/bin/env python3
"""A user of the chat service, with slixmpp 1.8: says each line of its input, and prints what comes back.

    XMPP_PASSWORD=... python3 say.py alice@example.org proxy.example.org

A line that begins with ^ corrects the one before. XMPP_SERVER=HOST:PORT and XMPP_TLS=off are those of chat.py.
"""
import asyncio
import os
import sys

import slixmpp


class User(slixmpp.ClientXMPP):
    def __init__(self, jid, password, proxy):
        super().__init__(jid, password)
        self.proxy = proxy
        self.last = None
        self.auto_authorize = None  # nobody sees our presence but the proxy host
        self.register_plugin("xep_0184", {"auto_ack": False})
        self.register_plugin("xep_0308")
        # What it says when somebody asks what it is.
        self.register_plugin("xep_0092", {"software_name": "say.py", "version": "1"})
        self.ready = asyncio.get_running_loop().create_future()
        self.add_event_handler("session_start", self.started)
        self.add_event_handler("failed_all_auth", lambda event: self.fail("the server refuses the password"))
        self.add_event_handler("connection_failed", self.fail)
        self.add_event_handler("stream_negotiated", self.negotiated)
        self.add_event_handler("message", self.message)
        self.add_event_handler("message_error", lambda error: self.show("error: " + error["error"]["condition"], error))
        self.add_event_handler("receipt_received", lambda receipt: self.show("received", receipt))

    def started(self, event):
        # So the service hears when we leave, however that happens.
        self.send_presence(pto=self.proxy)
        self.ready.set_result(None)

    def negotiated(self, event):
        if not self.authenticated:
            self.fail("the server lets nobody log in without TLS (XMPP_TLS=off)")

    def fail(self, why):
        if not self.ready.done():
            self.ready.set_exception(OSError(why))

    def message(self, message):
        if message["type"] != "error":
            self.show(("corrected: " if message["replace"]["id"] else "") + message["body"], message)

    def show(self, text, stanza):
        if stanza["from"].bare == self.proxy:
            print(text, flush=True)

    def say(self, text):
        message = self.make_message(mto=self.proxy, mbody=text.lstrip("^"), mtype="chat")
        message["id"] = self.new_id()
        message["request_receipt"] = True
        if text.startswith("^") and self.last:
            message["replace"]["id"] = self.last
        else:
            self.last = message["id"]
        message.send()


async def main(jid, proxy):
    user = User(jid, os.environ["XMPP_PASSWORD"], proxy)
    host, _, port = os.environ.get("XMPP_SERVER", "").rpartition(":")
    tls = os.environ.get("XMPP_TLS") != "off"
    user.connect((host, int(port)) if port else None, force_starttls=tls, disable_starttls=not tls)
    try:
        await asyncio.wait_for(user.ready, 20)
    except (OSError, asyncio.TimeoutError) as error:
        sys.exit("not logged in: %s" % (error or "no answer"))
    while line := await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline):
        user.say(line.strip())
    user.disconnect()
    await asyncio.wait_for(user.disconnected, 5)


if __name__ == "__main__":
    if len(sys.argv) != 3 or "XMPP_PASSWORD" not in os.environ:
        sys.exit(__doc__)
    asyncio.run(main(sys.argv[1], sys.argv[2]))
