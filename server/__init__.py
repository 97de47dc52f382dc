"""The office server: it keeps the logs, folds them into records, and serves desk and devices."""
