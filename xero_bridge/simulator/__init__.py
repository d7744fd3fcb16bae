"""Local stand-ins of Perfex CRM and Xero: small WSGI apps that import nothing else of ours."""
