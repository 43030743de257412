"""Is the lab fit to be tested, and was it left as it was found?"""
