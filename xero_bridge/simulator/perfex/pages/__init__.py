"""The staff pages of the simulated Perfex: a playground with the real system's addresses."""
