"""What other systems promise, as compact tables of facts, and the scripts that make them."""
