"""OAuth 2.0 with Xero: the consent, its tokens, and how they stay fresh."""
