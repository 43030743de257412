"""What a switch should be set to, said once for all vendors: intents, templates, applying, reading back, undoing."""
