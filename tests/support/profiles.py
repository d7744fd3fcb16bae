"""How thoroughly properties are tried: as usual, or for a night (`--hypothesis-profile nightly`)."""

from hypothesis import settings


def register() -> None:
    """Make both profiles known and choose the usual one; no deadline, because machines differ."""
    settings.register_profile("usual", deadline=None)
    settings.register_profile("nightly", deadline=None, max_examples=20_000)
    settings.load_profile("usual")


def thorough() -> settings:
    """For money: a thousand examples, or what the chosen profile says where that is more."""
    return settings(max_examples=max(1000, settings().max_examples))
