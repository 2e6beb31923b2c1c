"""What should be, what differs from it, and the steps between: no server is asked here."""
