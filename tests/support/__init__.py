"""What tests stand on: databases, the network guard, files of the checkout."""
