"""A run: recover, pull, plan, guard, apply, prove; against the ports of `core`, never the world itself."""
