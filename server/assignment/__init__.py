"""Whose work a dossier is: the desk gives it to somebody, and takes it away again."""
