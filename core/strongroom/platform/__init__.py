"""The platform's facts, as data with a source per row; nothing here computes more than a look-up."""
