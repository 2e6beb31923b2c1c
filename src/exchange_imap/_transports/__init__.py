"""How commands reach a server and answers come back: one small seam, and what stands behind it."""
