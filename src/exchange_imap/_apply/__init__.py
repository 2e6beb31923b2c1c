"""Carry out a plan, and find out the effect of each step."""
