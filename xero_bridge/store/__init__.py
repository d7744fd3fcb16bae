"""The bridge's own memory: models, repository, leases, budgets and migrations. Imports no Flask."""
