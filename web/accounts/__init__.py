"""The members of staff: log-in, roles, what citizens see of them."""
