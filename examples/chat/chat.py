#!/usr/bin/env python3
"""A chat service behind the proxy: has a conversation with each user, with slixmpp 1.8 (Debian: python3-slixmpp).

    XMPP_PASSWORD=... python3 chat.py worker@example.org/a proxy.example.org

Start it as often as the load needs, each copy with another resource. XMPP_SERVER=HOST:PORT names the server where DNS
does not; XMPP_TLS=off is for a server on this machine.
"""
import asyncio
import base64
import os
import random
import sys
import time
import xml.etree.ElementTree as ET
from collections import OrderedDict

import slixmpp
from slixmpp.exceptions import IqError, IqTimeout
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import StanzaPath

MOST_TALKS = 10000  # that it remembers
IDLE = 1800  # seconds without a word, after which it forgets one
MOST_ANSWERS = 20  # to one user in a minute; so two programs that answer each other come to an end
REGISTER = 60  # seconds; the proxy may have forgotten us
ANSWER = "{urn:example:chat}answer"  # says in our answers what they are
VERSION = "{jabber:iq:version}"


class Talk:
    """What it remembers of a user."""

    def __init__(self):
        self.sessions = set()  # the user's devices, by their addresses at the proxy host
        self.messages = 0
        self.asked = self.answered = None  # the ids of the last message and of what we said to it
        self.heard = self.minute = time.monotonic()
        self.answers = 0  # since that minute began


class Chat(slixmpp.ClientXMPP):
    def __init__(self, jid, password, proxy):
        super().__init__(jid, password)
        self.proxy = proxy
        self.talks = OrderedDict()  # by account and address used; who was heard last is last
        self.shown = set()  # the addresses of users that have our presence
        self.retry = None
        self.online = False
        self.over = asyncio.get_running_loop().create_future()
        # A ping now and then, for a connection may die without a word.
        self.register_plugin("xep_0199", {"keepalive": True, "interval": 60, "timeout": 20})
        # Receipts go to users of the proxy alone, so not by themselves; corrections.
        self.register_plugin("xep_0184", {"auto_ack": False})
        self.register_plugin("xep_0308")
        # slixmpp's own handler keeps a contact list, and lets everybody see our presence.
        self.remove_handler("Presence")
        self.register_handler(Callback("presence", StanzaPath("presence"), self.presence))
        self.add_event_handler("message", self.message)
        self.add_event_handler("session_start", self.started)
        self.add_event_handler("stream_error", self.stream_error)
        self.add_event_handler("stream_negotiated", self.negotiated)
        self.add_event_handler("failed_all_auth", lambda event: say("the server refuses the password"))
        self.add_event_handler("connection_failed", self.again)
        self.add_event_handler("disconnected", self.again)

    def message(self, message):
        """Answers a message with a text in it; no errors, no news, no rooms, and no answers of programs of our kind."""
        user = self.user(message["from"])
        if user is None or message["type"] in ("error", "headline", "groupchat"):
            return
        if message.xml.find(ANSWER) is not None:
            return
        talk = self.talk(user, message["from"])
        if not self.may_answer(talk):
            return
        if message["request_receipt"] and message["id"]:
            self["xep_0184"].ack(message)
        reply = self.make_message(mto=message["from"], mtype=message["type"])
        reply["id"] = self.new_id()
        corrected = message["replace"]["id"]
        if corrected and corrected == talk.asked:
            reply["replace"]["id"] = talk.answered  # our answer is corrected as well
        else:
            talk.messages += 1
            talk.asked, talk.answered = message["id"], reply["id"]
        ET.SubElement(reply.xml, ANSWER)
        if talk.answers == MOST_ANSWERS:
            reply["body"] = "That is enough for a minute. I am silent now."
        elif message["body"] == "client?":
            asyncio.ensure_future(self.ask_client(reply, talk.messages))
            return
        else:
            reply["body"] = self.text(talk.messages, message["body"])
        reply.send()

    def text(self, number, words):
        return "%s, message %d: %s" % (self.boundjid.resource, number, words[:500])

    async def ask_client(self, reply, number):
        """Asks the user's program what it is (XEP-0092), at the address that wrote. Many do not tell strangers."""
        try:
            answer = await self.make_iq_get(queryxmlns=VERSION[1:-1], ito=reply["to"]).send(timeout=20)
            name = answer.xml.findtext(VERSION + "query/" + VERSION + "name")
        except (IqError, IqTimeout):
            name = None
        words = "you write with " + name if name else "your client does not say what it is"
        reply["body"] = self.text(number, words)
        reply.send()

    def may_answer(self, talk):
        if time.monotonic() - talk.minute > 60:
            talk.minute, talk.answers = time.monotonic(), 0
        talk.answers += 1
        return talk.answers <= MOST_ANSWERS

    def presence(self, presence):
        """Users come and go; the proxy host asks whether we are there."""
        who, kind = presence["from"], presence.xml.get("type")
        user = self.user(who)
        if user is not None and kind is None:
            self.talk(user, who)
            if who not in self.shown:  # once, else two that answer presence would never end
                self.shown.add(who)
                self.send_presence(pto=who)
        elif user is not None and kind in ("unavailable", "error"):
            self.left(user, who)
        elif who == self.proxy and kind == "error":
            say("%s does not take our presence (%s); trying again" % (who, presence["error"]["condition"]))
        elif who == self.proxy:
            self.shown.clear()  # the proxy knows nothing more of the presences that it passed on
            if kind is None:
                self.register()

    def user(self, who):
        """Whom an address at the proxy host stands for (docs/jat.md): account and address used; None: nobody."""
        if who.bare != self.proxy or not who.resource:
            return None
        token = who.resource
        try:
            octets = base64.b64decode(token + "=" * (-len(token) % 4), b"-_", validate=True)
            if octets[:1] == b"\1":
                end = 3 + int.from_bytes(octets[1:3], "big")
                return octets[3:end].decode().split("/")[0].lower(), octets[end + 2 : -16].decode()
        except ValueError:
            pass  # an address as it is (proxy.encoded-from=plain)
        return token.split("/")[0].lower(), ""

    def talk(self, user, who):
        """What we remember of that user, of whom we hear from this address."""
        talk = self.talks.setdefault(user, Talk())
        talk.heard = time.monotonic()
        talk.sessions.add(who)
        self.talks.move_to_end(user)
        while len(self.talks) > MOST_TALKS or next(iter(self.talks.values())).heard < talk.heard - IDLE:
            self.talks.popitem(last=False)
        return talk

    def left(self, user, who):
        """When no device of a user is left, we forget the user."""
        self.shown.discard(who)
        talk = self.talks.get(user)
        if talk:
            talk.sessions.discard(who)
            if not talk.sessions:
                del self.talks[user]

    def register(self):
        """The proxy alone may see our presence (docs/messages.md says why)."""
        if self.online:
            self.send_presence(pto=self.proxy)

    def started(self, event):
        self.online = True
        self.shown.clear()
        self.register()
        say("logged in as %s" % self.boundjid)

    def negotiated(self, event):
        if not self.authenticated:
            say("the server lets nobody log in without TLS (XMPP_TLS=off)")
            self.disconnect()

    def stream_error(self, error):
        if error["condition"] == "conflict" and not self.over.done():
            self.over.set_result("another program has logged in as %s; give each its own resource" % self.boundjid)

    def again(self, reason):
        """Connects again, some seconds from now, for ever."""
        self.online = False
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
    chat = Chat(jid, os.environ["XMPP_PASSWORD"], proxy)
    chat.dial()
    while not chat.over.done():
        await asyncio.wait([chat.over], timeout=REGISTER)
        chat.register()
    return chat.over.result()  # until then, or until it is killed


if __name__ == "__main__":
    if len(sys.argv) != 3 or "XMPP_PASSWORD" not in os.environ:
        sys.exit(__doc__)
    sys.exit(asyncio.run(main(sys.argv[1], sys.argv[2])))
