"""Networks that learn: recipes, the processes that train them, and whether they go into use."""
