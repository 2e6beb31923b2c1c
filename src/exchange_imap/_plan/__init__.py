"""Desired states, differences and plans. Nothing here asks a server."""
