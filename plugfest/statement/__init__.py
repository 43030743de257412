"""A report that a lab director can sign: what was tested, how, with which result, and what it does not say."""
