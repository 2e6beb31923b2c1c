"""What the fake does for each cmdlet: a module for each of ``_cmdlets``, with the same name, loaded on first use."""
