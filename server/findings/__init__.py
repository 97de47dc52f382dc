"""What people at the office have to look at, and the one decision that each of it needs."""
