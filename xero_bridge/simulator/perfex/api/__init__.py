"""The Themesic REST API module: routes, tokens, quotas, and one file per resource."""
