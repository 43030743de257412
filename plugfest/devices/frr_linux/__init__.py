"""Linux switches that route with FRR."""
