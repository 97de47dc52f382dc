"""The exchange: taking what devices hand in, and answering with what they may hold."""
