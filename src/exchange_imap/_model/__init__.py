"""How a class declares a cmdlet or a snapshot: parameters and properties, text to object and back."""
