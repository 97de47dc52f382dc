"""The procedures and areas that the office works with, and the signed bundle of them."""
