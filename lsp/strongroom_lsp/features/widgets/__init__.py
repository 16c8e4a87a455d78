"""Complete, explain, find and check the calls of connectors in the code of widgets."""
