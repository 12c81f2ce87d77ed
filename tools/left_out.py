"""The word in a kept model's card about the formats that the clone does not hold."""

from labs.export.card import FORMATS, read_card, save_card


def explain(folder, reason):
    """Say in the card why the other formats are not there; labs.check reads it."""
    card = read_card(folder)
    written = {name.partition("/")[0] for name in card["files"]}
    notes = {name: reason for name in FORMATS if name not in written}
    save_card(folder, card | {"notes": card["notes"] | notes})
