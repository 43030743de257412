"""Physical and link layer: is every cable up, agreed upon, clean and steady?"""
