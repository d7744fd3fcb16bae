"""The words of what the two systems refuse, and of being connected to them."""

from __future__ import annotations

#: Reason code -> text and advice; braces name values of the case.
OUTSIDE_REASONS: dict[str, tuple[str, ...]] = {
    # Refusals of the sides.
    "refused_by_xero": ('Xero refused it: "{message}"', "Correct it, then sync again."),
    "duplicate_number": (
        'Xero already has a document with this number: "{message}"',
        (
            "Link them if they are the same; otherwise renumber one (voided ones keep their "
            "number). If two swapped their numbers, give one another number in Xero for a moment, "
            "then have both tried again."
        ),
    ),
    "duplicate_name": (
        'Xero already has another one with this name, number or code: "{message}"',
        "Link them if they are the same; otherwise rename one of them.",
    ),
    "contact_archived": (
        'The contact is archived in Xero: "{message}"',
        "Restore it in Xero (its API cannot), then sync again.",
    ),
    "contact_missing": (
        'Xero does not know the contact of this document: "{message}"',
        "Look at the customer's link, then sync again.",
    ),
    "account_invalid": (
        'Xero refused an account: "{message}"',
        "Choose another account in the settings or mappings.",
    ),
    "tax_invalid": (
        'Xero refused a tax rate: "{message}"',
        "Choose another tax rate in the mappings.",
    ),
    "plan_limit": (
        'The Xero plan allows no more of these: "{message}"',
        "Wait for the next month, upgrade the plan, or have invoices sent as drafts.",
    ),
    "payment_exceeds": (
        'The payment is more than is left to pay in Xero: "{message}"',
        "See whether it was already entered in Xero; link it or correct it.",
    ),
    "not_authorised_document": (
        'Xero takes payments only on approved documents that are still open: "{message}"',
        "Approve it in Xero if it is a draft; if it is paid, this payment may be there already.",
    ),
    "email_invalid": (
        'Xero refused an e-mail address: "{message}"',
        "Correct it in Perfex, then sync again.",
    ),
    "quantity_negative": (
        'Xero refused a quantity: "{message}"',
        "Enter it as a negative price or as a credit note, then sync again.",
    ),
    "xero_id_unknown": (
        'Xero does not know the record that was to be changed: "{message}"',
        "Resync it; if it is gone there, say what its link should be.",
    ),
    "refused_period_locked": (
        'Its date lies in a locked period of Xero: "{message}"',
        "Move the lock date in Xero, or give the document a date in an open period.",
    ),
    "refused_currency": (
        'The Xero organisation does not use this currency: "{message}"',
        "Add it in Xero (it needs a multi-currency plan), or leave these documents in Perfex.",
    ),
    "refused_status": (
        'Its status in Xero does not allow this step: "{message}"',
        "Make a credit note, void and reissue it, or leave it.",
    ),
    "refused_has_payments": (
        'It has payments or credits in Xero: "{message}"',
        "Remove them first, make a credit note, or leave it.",
    ),
    "batch_rejected": (
        'It was not sent because another record of the same call is faulty: "{message}"',
        "Correct that one; this one is sent with the next sync.",
    ),
    "call_rejected": (
        'Xero could not read what the bridge sent: "{message}"',
        "This is a defect of the bridge: please report it with this message.",
    ),
    "refused_by_perfex": ('Perfex refused it: "{message}"', "Correct it, then sync again."),
    # Connection.
    "xero_not_connected": (
        "This connection has no Xero organisation yet.",
        "Press Connect on its page.",
    ),
    "xero_needs_reconnection": (
        "Xero no longer accepts the consent that was given.",
        "Press Connect to consent again.",
    ),
    "xero_client_wrong": (
        "Xero does not know this client id and secret.",
        "Correct them in the settings.",
    ),
    "xero_scope_missing": (
        "The consent lacks a permission that is needed{scope}.",
        "Press Connect to update the permissions.",
    ),
    "xero_tenant_lost": (
        "The Xero organisation {organisation} is no longer connected to this app.",
        "Press Connect to choose it again.",
    ),
    "xero_unreachable": ("Xero cannot be reached: {message}", "The bridge tries again by itself."),
    "perfex_unreachable": (
        "Perfex at {url} cannot be reached: {message}",
        "Check the address and that the site is up.",
    ),
    "perfex_token_wrong": (
        "Perfex does not accept the API token: {message}",
        "Make a token under API > API Management in Perfex and enter it in the settings.",
    ),
    "perfex_not_json": (
        "Perfex answered with something that is not JSON: {message}",
        "Open the address in a browser; often a plug-in, a firewall or a PHP error is in the way.",
    ),
    "perfex_forbidden": (
        "The API token may not do this: {message}",
        "Give it the permission under API > API Management in Perfex.",
    ),
    "kind_off": (
        "{plural} are off: the Perfex site does not show {tables}.",
        (
            "Add them to the tables that the REST API module may show (Setup > API > Settings); "
            "the bridge looks again within a day, and an hour later if you press Sync now."
        ),
    ),
    "kind_off_in_old_module": (
        "{plural} are off: REST API module {version} does not show tables of other modules.",
        "Version 3 of the module does.",
    ),
    "table_not_allowed": (
        "The Perfex site does not show the table {table}.",
        (
            "Add it to the tables that the REST API module may show (Setup > API > Settings), give "
            "the token the right to read it, then sync again."
        ),
    ),
    "perfex_unreadable": (
        "Perfex answered with a record that cannot be read: {message}",
        "Open it in Perfex and save it again; the bridge tries again by itself.",
    ),
    "perfex_list_moves": (
        "The list of {path} in Perfex kept changing while it was read.",
        "The bridge tries again by itself.",
    ),
    "payment_dated_today": (
        "Perfex dated the payment with the day on which it was entered.",
        "Its true date stands in its note.",
    ),
    "perfex_module_off": (
        "The REST API module is switched off in Perfex.",
        "Switch it on under Setup > Modules.",
    ),
    "perfex_no_api": (
        "There is no REST API at {url}.",
        "Check the address and that the module is installed.",
    ),
    "rate_limit": ("{side} asked to slow down.", "The bridge goes on by itself."),
    "day_limit": (
        "The calls that Xero allows in a day are used up.",
        "The bridge goes on by itself at {retry_at}.",
    ),
    "hour_limit": (
        "The requests that the bridge takes of Perfex in an hour are used up.",
        "The bridge goes on by itself.",
    ),
    "no_answer": ("{side} did not answer in time: {message}", "The bridge tries again by itself."),
    "xero_user_rights": (
        'The Xero user who gave the consent may not do this: "{message}"',
        "Give that user the rights in Xero, or have somebody else press Connect.",
    ),
    "consent_foreign": (
        "This answer from Xero does not belong to a consent begun in this browser.",
        "Press Connect again.",
    ),
    "consent_refused": (
        "The consent was not given in Xero.",
        "Press Connect again and choose Allow access.",
    ),
    "consent_failed": ("Xero did not complete the consent: {message}", "Press Connect again."),
    "server_trouble": (
        "{side} has a problem of its own (HTTP {status}): {message}",
        "The bridge tries again by itself.",
    ),
    "not_readable": (
        "{side} gave an answer that cannot be read: {message}",
        "The bridge tries again by itself.",
    ),
    "address_not_usable": (
        "{url} is not a web address.",
        "It has to begin with https:// (or http://) and name a host.",
    ),
    "host_unknown": ("There is no host {host}.", "Check the address."),
    "host_not_allowed": (
        "The bridge may not call {url}: this host is not part of the connection.",
        "Check the addresses in the settings.",
    ),
    "address_private": (
        "{host} is a private address ({address}).",
        "If Perfex really runs in your own network, allow private addresses for this connection.",
    ),
    "redirected": ("{url} sends the bridge on to {to}.", "Enter that address if it is right."),
    "busy": ("Another run of this connection is going on.",),
    "lease_lost": ("Another process took this run over.",),
    "wrong_organisation": (
        "The connected organisation is {found}, but this connection belongs to {pinned}.",
        "Press Connect and choose the right one.",
    ),
    "base_currency_changed": (
        "The base currency of the organisation is now {found}; it was {pinned}.",
        "Check the organisation before going on.",
    ),
    "wrong_site": (
        "The Perfex site shows base currency {found}; it was {pinned} when it was connected.",
        "Check the address in the settings.",
    ),
}
