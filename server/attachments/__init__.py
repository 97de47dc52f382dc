"""Attachments: photos and scans of papers, their bytes and where they are."""
