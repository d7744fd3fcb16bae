"""What users see, end to end: both simulators over HTTP, the real clients, the real engine."""
