"""A run: recover, pull, plan, guard, apply, prove; against the ports of `core` alone."""
