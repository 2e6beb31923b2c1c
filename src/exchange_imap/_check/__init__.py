"""Say what is wrong or risky in a script before anything of it is sent."""
