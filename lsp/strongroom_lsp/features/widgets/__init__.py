"""Complete, explain, find and check calls of connectors in the code of widgets."""
