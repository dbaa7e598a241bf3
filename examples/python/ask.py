"""A requester: asks the proxy once, prints the answer, and ends with exit code 0 if it is a result.

    ASK_PASSWORD=... python3 ask.py alice@localhost proxy.localhost [HOST:PORT]
"""
import asyncio
import os
import sys
import xml.etree.ElementTree as ET

import slixmpp
from slixmpp.exceptions import IqError, IqTimeout


def host_and_port(text):
    host, port = text.rsplit(":", 1)
    return host, int(port)


async def ask(client, proxy):
    client.send_presence()
    iq = client.make_iq_get(ito=proxy)
    iq.append(ET.Element("{urn:example:greeting}greeting"))
    try:
        answer = await iq.send(timeout=20)
        print(answer.xml[0].text)
        return 0
    except IqError as error:
        print(error.iq["error"]["condition"], error.iq["error"]["text"])
        return 1
    except IqTimeout:
        print("no answer")
        return 1


jid, proxy, *rest = sys.argv[1:]
client = slixmpp.ClientXMPP(jid, os.environ["ASK_PASSWORD"])
client["feature_mechanisms"].unencrypted_plain = bool(rest)
client.add_event_handler("session_start", lambda event: started.set_result(None))
client.add_event_handler("failed_all_auth", lambda event: sys.exit("the server refuses the password"))
started = asyncio.get_event_loop().create_future()
if rest:
    client.connect(host_and_port(rest[0]), disable_starttls=True)
else:
    client.connect()
loop = asyncio.get_event_loop()
loop.run_until_complete(asyncio.wait_for(started, 20))
code = loop.run_until_complete(ask(client, proxy))
client.disconnect()
loop.run_until_complete(asyncio.wait_for(client.disconnected, 5))
sys.exit(code)
