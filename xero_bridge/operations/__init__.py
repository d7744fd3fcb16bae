"""What the dashboard and the command line both do; each operation is written here once."""
