-- A whole Prosody for trying the proxy on one machine: no TLS, no other servers, and on this machine's own address only.
-- In a Prosody that you have, take the last four lines, and the one with component_ports if it is not there.
local data = os.getenv("EXAMPLE_DATA") or "data"

run_as_root = true
pidfile = data .. "/prosody.pid"
data_path = data
log = { info = data .. "/prosody.log" }
interfaces = { os.getenv("EXAMPLE_ADDRESS") or "127.0.0.1" }
component_interfaces = interfaces
component_ports = { 5347 }
modules_enabled = { "roster"; "saslauth"; "disco"; "ping" }
modules_disabled = { "s2s"; "tls"; "offline" } -- no offline storage: docs/messages.md says why
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
authentication = "internal_hashed"

VirtualHost "localhost"

Component "proxy.localhost"
  component_secret = os.getenv("EXAMPLE_SECRET") or "CHANGE-ME"
  component_conflict_resolve = os.getenv("EXAMPLE_CONFLICT") -- "kick_old" for several nodes: docs/nodes.md says why
