"""A loopback Exchange for tests: the fake's answers over real HTTP, WSMan and PSRP."""
