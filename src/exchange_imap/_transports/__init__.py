"""How commands reach a server and answers come back: the transport protocol, and the transports."""
