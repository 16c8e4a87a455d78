"""One rule a file. The docstring of each module is the rule's page; `strongroom.validator.registry` finds them."""
