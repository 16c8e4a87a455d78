"""Hold calls of connectors in widget code against the connectors that are known."""
