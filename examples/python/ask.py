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


async def main(jid, proxy, *rest):
    client = slixmpp.ClientXMPP(jid, os.environ["ASK_PASSWORD"])
    client["feature_mechanisms"].unencrypted_plain = bool(rest)
    started = asyncio.get_running_loop().create_future()
    client.add_event_handler("session_start", started.set_result)
    client.add_event_handler("failed_all_auth", lambda event: started.set_exception(SystemExit("the server refuses the password")))
    if rest:
        client.connect(host_and_port(rest[0]), disable_starttls=True)
    else:
        client.connect()
    await asyncio.wait_for(started, 20)
    code = await ask(client, proxy)
    client.disconnect()
    await asyncio.wait_for(client.disconnected, 5)
    return code


sys.exit(asyncio.get_event_loop().run_until_complete(main(*sys.argv[1:])))
