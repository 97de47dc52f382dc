"""What the office signs as a whole list, and devices keep."""
