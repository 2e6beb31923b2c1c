"""How each type of value is read from a literal, a Python value or a record, and written."""
