"""How objects look in notebooks and terminals: pure functions from facts to text, HTML, SVG and rich."""
