"""One module for each noun that administrators work with: its cmdlets and its snapshot."""
