"""The two systems over HTTP: pacing, retry by method, redaction, and what their answers mean."""
