"""Reports for people: Allure glue, terminal summary."""
