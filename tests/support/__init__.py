"""What the tests share: strategies, the judge, and texts to ask it about."""
