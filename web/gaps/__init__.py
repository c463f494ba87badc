"""What is missing: clusters of unanswered questions, stale sources, topics never asked."""
