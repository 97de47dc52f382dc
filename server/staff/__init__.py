"""Who works at the office, in which teams, for which areas."""
