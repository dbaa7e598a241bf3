Component "focus.meet.example.org"
    component_secret = "CHANGE-ME"
