"""What records of every kind have in common: dates, slugs, trees, languages, clean text, checked uploads."""
