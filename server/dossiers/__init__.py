"""Dossiers as the desk reads them: a projection of records, always rebuildable."""
