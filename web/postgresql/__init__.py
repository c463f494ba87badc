"""Django's way to PostgreSQL, with less work for each use of a connection."""
