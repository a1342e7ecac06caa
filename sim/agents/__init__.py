"""Those who decide: governments, publics and ratifiers, each holding arrays over worlds."""
