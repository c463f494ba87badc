"""Staff review what the bot understood; corrections become training suggestions."""
