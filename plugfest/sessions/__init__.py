"""How we talk to devices: SSH, deadlines, transcripts, redaction."""
