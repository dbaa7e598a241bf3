Component "focus.meet.example.org" "client_proxy"
    target_address = "focus@auth.meet.example.org"
