"""What every endpoint shares: reading, checks, lists, writes, limits, the books."""
