"""What the office keeps of every record: logs, changes, states, feeds, holders."""
