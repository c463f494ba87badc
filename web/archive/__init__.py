"""All conversations: list, search, filters, queues, transcript, export."""
