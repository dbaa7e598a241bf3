#!/usr/bin/env python3
"""A requester: asks the proxy once with slixmpp 1.8, prints the answer, and ends with 0 if it is a result.

    XMPP_PASSWORD=... python3 ask.py alice@example.org proxy.example.org

XMPP_SERVER=HOST:PORT and XMPP_TLS=off are those of greeting.py.
"""
import asyncio
import os
import sys
import xml.etree.ElementTree as ET

import slixmpp
from slixmpp.exceptions import IqError, IqTimeout


async def ask(client, proxy):
    iq = client.make_iq_get(ito=proxy)
    iq.append(ET.Element("{urn:example:greeting}greeting"))
    try:
        answer = await iq.send(timeout=20)
        print(answer.xml[0].text)
        return 0
    except IqError as error:
        print("%s: %s" % (error.iq["error"]["condition"], error.iq["error"]["text"]))
        return 1
    except IqTimeout:
        print("no answer")
        return 1


async def main(jid, proxy):
    client = slixmpp.ClientXMPP(jid, os.environ["XMPP_PASSWORD"])
    ready = asyncio.get_running_loop().create_future()

    def fail(why):
        if not ready.done():
            ready.set_exception(OSError(why))

    client.add_event_handler("session_start", ready.set_result)
    client.add_event_handler("failed_all_auth", lambda event: fail("the server refuses the password"))
    client.add_event_handler("connection_failed", fail)
    client.add_event_handler(
        "stream_negotiated",
        lambda event: client.authenticated or fail("the server lets nobody log in without TLS (XMPP_TLS=off)"),
    )
    host, _, port = os.environ.get("XMPP_SERVER", "").rpartition(":")
    tls = os.environ.get("XMPP_TLS") != "off"
    client.connect((host, int(port)) if port else None, force_starttls=tls, disable_starttls=not tls)
    try:
        await asyncio.wait_for(ready, 20)
    except (OSError, asyncio.TimeoutError) as error:
        print("not logged in: %s" % (error or "no answer"))
        return 1
    code = await ask(client, proxy)
    client.disconnect()
    await asyncio.wait_for(client.disconnected, 5)
    return code


if __name__ == "__main__":
    if len(sys.argv) != 3 or "XMPP_PASSWORD" not in os.environ:
        sys.exit(__doc__)
    sys.exit(asyncio.run(main(sys.argv[1], sys.argv[2])))
