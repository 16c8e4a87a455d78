"""Run the rules about calls over the code of widgets."""
