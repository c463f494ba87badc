"""Made-up conversations, to look at the console with. Nothing of this runs in the service."""
