"""The plan model as plain data: what JSON, TOML and YAML can hold, written in one form and checked when it is read."""
