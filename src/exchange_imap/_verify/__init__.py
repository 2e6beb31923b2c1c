"""Proof that clients can connect: what their configuration means, what they see, and what the rules say of it."""
