"""What every page of the desk has in common: layout, words, forms, sign-in, errors."""
