"""The pure heart of the bridge: values, ports, money, planning. No I/O, no clock, no frameworks."""
