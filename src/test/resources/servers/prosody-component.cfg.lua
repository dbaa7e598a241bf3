Component "proxy.localhost"
  component_secret = "CHANGE-ME"
