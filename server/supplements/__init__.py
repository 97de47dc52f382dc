"""Supplements: the desk asks for what a dossier lacks, and hears when it has come."""
