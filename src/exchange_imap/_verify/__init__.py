"""Proof that clients can connect: what they see, and what the rules say of it."""
