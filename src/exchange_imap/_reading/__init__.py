"""What is read of a server for a person or a program to look at; nothing here writes."""
