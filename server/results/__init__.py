"""Results: the office gives them to a van or a person, hands them out, and takes them back."""
