"""The papers that the office prints: set by Typst from what a record says."""
