"""What arrives on the other side: kind by direction by operation by version of Perfex's module."""
