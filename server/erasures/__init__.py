"""Erasing what the law wants erased, here, on devices, and again after every restore."""
