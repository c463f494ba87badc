"""Models: trained, described on a card, kept in `models/`."""
