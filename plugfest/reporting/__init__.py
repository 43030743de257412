"""What people read: outcomes, the run folder, Allure results and report, JUnit, the terminal summary."""
