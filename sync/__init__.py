"""What is true of changes, logs, records and exchanges. Pure: knows no clock, chance or disk."""
