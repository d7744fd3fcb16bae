"""The words of proof: what differs and nobody explains, and what explains the rest."""

from __future__ import annotations

#: Reason code -> text and advice; braces name values of the case.
PROVING_REASONS: dict[str, tuple[str, ...]] = {
    "unproved": (
        "{label}: both sides differ and nothing explains it ({what}).",
        "Compare both and correct one side, or accept the difference.",
    ),
    "only_here": ("{label} is in {side} only, and no rule says why.", "Resync it."),
    "mark_twice": (
        "{label} bears the mark {mark}, and so does {other}.",
        "Void or delete the one that is a duplicate; take the mark out of a copy.",
    ),
    "mark_unlinked": (
        "{label} bears our mark {mark}, but it is linked to nothing.",
        "Resync it; if that does not link it, look whether it is a duplicate.",
    ),
    "declared": ("It is known: the link says so.",),
    "accepted": ("You accepted it.",),
    "differed_when_linked": ("Both were linked like this; neither changed since.",),
    "credits_applied": ("Credits are applied on one side.",),
    "payments_apart": ("Payments stand on one side only: {payments}.",),
    "follows_total": ("It follows from the total.",),
    "shown_with_next_read": (
        "The payments are on both sides; the document was not read again since.",
    ),
    "changed_since_plan": ("It changed; the next run looks at it.",),
}
